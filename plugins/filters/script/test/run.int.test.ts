import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { runPipeline } from '@cannectors/testkit';
import { expect, it, onTestFinished } from 'vitest';

const records = Array.from({ length: 5000 }, (_, id) => ({ id }));

/** Runs records through filters, from a file to a file. */
async function through(
  filters: readonly object[],
  given: readonly JsonRecord[] = records,
  more = {},
) {
  // Plugins are those that the repository itself depends on.
  const folder = mkdtempSync(path.resolve('node_modules/.script-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = path.join(folder, 'out.ndjson');
  writeFileSync(path.join(folder, 'in.ndjson'), given.map((one) => JSON.stringify(one)).join('\n'));
  const pipeline = {
    name: 'scripts',
    input: { type: 'file', path: 'in.ndjson' },
    filters,
    output: { type: 'file', path: out },
    ...more,
  };
  writeFileSync(path.join(folder, 'scripts.yaml'), JSON.stringify(pipeline));
  const run = await runPipeline(path.join(folder, 'scripts.yaml'), {
    storage: path.join(tmpdir(), 'cannectors-none'),
  });
  const read = (): JsonRecord[] => {
    const text = readFileSync(out, 'utf8').trimEnd();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as JsonRecord);
  };
  return { ...run, read };
}

const script = (body: string, more = {}) => ({
  type: 'script',
  script: `let n = 0; function transform(r) { ${body} }`,
  ...more,
});

it('keeps the order of thousands of records, and its globals over batches', async () => {
  const { result, read } = await through([script('return { ...r, n: n++ };')], records, {
    batch: { maxEvents: 700 },
  });

  expect(result).toMatchObject({ status: 'success', records_written: 5000 });
  expect(read()).toEqual(records.map(({ id }) => ({ id, n: id })));
});

it.each([
  ['skip', { records_written: 4999, records_failed: 1 }, 'skipping record due to script error'],
  ['log', { records_written: 5000, records_failed: 0 }, 'script error (continuing)'],
])('goes on with `onError: %s`', async (onError, counts, line) => {
  const body = 'if (r.id === 1234) throw new Error("no"); r.seen = true; return r;';

  const { result, read, log } = await through([script(body, { onError })]);

  expect(result).toMatchObject({ status: 'success', ...counts });
  expect(read().filter(({ seen }) => seen === true)).toHaveLength(4999);
  expect(read().find(({ id }) => id === 1234)).toEqual(
    onError === 'log' ? { id: 1234 } : undefined,
  );
  expect(log).toContainEqual(
    expect.objectContaining({
      msg: line,
      fields: expect.objectContaining({ record_index: 1234 }) as unknown,
    }),
  );
});

it('goes on behind a record that breaks a limit', async () => {
  const body = 'if (r.id === 777) for (;;); if (r.id === 2500) Array(1e9).fill(0); return r;';

  const { result, read } = await through([
    script(body, { onError: 'skip', limits: { timeoutMs: 1000 } }),
  ]);

  expect(result).toMatchObject({ status: 'success', records_written: 4998, records_failed: 2 });
  expect(read().map(({ id }) => id)).toEqual(
    records.map(({ id }) => id).filter((id) => id !== 777 && id !== 2500),
  );
}, 60_000);

it('starts fresh for each element of a loop, and each record of a branch', async () => {
  const counting = script('r.n = n++; return r;');
  const inLoop = script('r.line.n = n++; return r;');
  const looped = { type: 'loop', field: 'lines', itemName: 'line', filters: [inLoop] };
  const branch = { type: 'condition', expression: 'id >= 0', then: [counting] };
  const given = [0, 1, 2].map((id) => ({ id, lines: [{}, {}] }));

  const { read } = await through([branch], given);
  const { read: readLooped } = await through([looped], given);

  expect(read().map((record) => record['n'])).toEqual([0, 0, 0]);
  expect(readLooped().map((record) => record['lines'])).toEqual(
    given.map(() => [{ n: 0 }, { n: 0 }]),
  );
});

it.each([
  ['no function', 'const other = 1;', 'MISSING_TRANSFORM'],
  ['another thing of that name', 'const transform = 1;', 'NOT_FUNCTION'],
  ['top-level code that throws', 'throw new Error("no");', 'EXECUTION_FAILED'],
])('ends a run before it reads, whatever `onError` says: %s', async (_title, text, code) => {
  const broken = { type: 'script', script: text, onError: 'skip' };
  const branch = { type: 'condition', expression: 'id < 0', then: [broken], onError: 'skip' };

  for (const filter of [broken, branch]) {
    const { result } = await through([filter]);

    expect(result).toMatchObject({
      status: 'error',
      records_read: 0,
      error: { code, module: 'script' },
    });
  }
});

it('ends a run soon whose script never ends', async () => {
  const { result } = await through([script('for (;;);', { limits: { timeoutMs: 200 } })]);

  expect(result).toMatchObject({
    status: 'error',
    error: { details: { fault: 'script.timeout', record_index: 0 } },
  });
});

it('gives integers to later conditions', async () => {
  const { read } = await through(
    [
      script('return { ...r, whole: r.id };'),
      { type: 'condition', expression: 'whole % 2 == 0', else: [{ type: 'drop' }] },
    ],
    [{ id: 1 }, { id: 2 }],
  );

  expect(read()).toEqual([{ id: 2, whole: 2 }]);
});
