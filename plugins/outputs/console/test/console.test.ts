import {
  type Context,
  itemOf,
  type JsonRecord,
  type Output,
  type TextStream,
} from '@cannectors/core';
import { fakeContext, testOutput } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import type { Config } from '../src/config.ts';
import plugin from '../src/index.ts';
import { type Screen, screen } from './screen.ts';

const printed = screen();

testOutput(
  {
    ...plugin,
    create: (config: Config, context: Context) =>
      plugin.create(config, { ...context, stdout: printed }),
  },
  import.meta.url,
  {
    config: { format: 'ndjson' },
    arrange: () => printed.clear(),
    observe: () =>
      printed
        .text()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as JsonRecord),
    example({ config }) {
      printed.clear();
      return { config, observe: () => printed.text() };
    },
    refuses: {
      'refuses a path that nothing may read': {
        config: { fields: ['id', 'constructor'] },
        refuses: { code: 'record.forbidden-key', pointer: '/fields/1' },
      },
    },
  },
);

const { signal } = new AbortController();
const records = [{ id: 1 }, { id: 12_345_678_901_234_567_890n, text: 'a\u001b[2Jb\u009b' }];

function outputOn(stdout: TextStream, config: Config = {}): Output {
  return plugin.create(config, { ...fakeContext(), stdout });
}

async function print(stdout: Screen, config: Config, ...batches: JsonRecord[][]): Promise<string> {
  const output = outputOn(stdout, config);
  for (const [seq, batch] of batches.entries()) {
    const items = batch.map((record) => itemOf(record));
    await output.write({ items, seq, attempt: 1, failFast: true }, signal);
  }
  return stdout.text();
}

describe('the format', () => {
  it('is a table on a terminal, else NDJSON', async () => {
    expect(await print(screen(80), {}, [{ id: 1 }])).toBe('id\n──\n 1\n');
    expect(await print(screen(), {}, [{ id: 1 }])).toBe('{"id":1}\n');
  });

  it('keeps the log away from stdout', () => {
    expect(outputOn(screen()).stdout).toBe(true);
  });

  it('of NDJSON is exact where it is read by a program', async () => {
    const text = await print(screen(), { format: 'ndjson' }, records);

    expect(text).toBe('{"id":1}\n{"id":12345678901234567890,"text":"a\\u001b[2Jb\u009b"}\n');
  });

  it.each(['ndjson', 'json'] as const)('of %s gives a terminal nothing to obey', async (format) => {
    const text = await print(screen(80), { format }, [{ text: 'a\u001b\u009b\u202eb\nc' }]);

    expect(text).toMatch(/^[\n -~]*$/);
    expect(JSON.stringify(JSON.parse(text))).toContain('\\u001b\u009b\u202eb\\nc');
  });

  it('of json is a list for each batch', async () => {
    const text = await print(
      screen(),
      { format: 'json' },
      [{ id: 1 }, { id: [{}] }],
      [],
      [{ id: 3 }],
    );

    expect(text.split(/^(?=\[)/m).map((list) => JSON.parse(list) as unknown)).toEqual([
      [{ id: 1 }, { id: [{}] }],
      [{ id: 3 }],
    ]);
  });

  it('takes a batch of any size', async () => {
    const many = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'x'.repeat(id % 50) }));

    const text = await print(screen(), { format: 'ndjson' }, many);

    expect(text).toBe(many.map((record) => `${JSON.stringify(record)}\n`).join(''));
  });
});

describe('the fields', () => {
  it('are shown in their order, and left out where they are missing', async () => {
    const given = [
      { a: { b: [1, 2] }, id: 1, other: true },
      { a: null, id: null },
    ];

    const text = await print(screen(), { format: 'ndjson', fields: ['id', 'a.b[1]'] }, given);

    expect(text).toBe('{"id":1,"a.b[1]":2}\n{"id":null}\n');
  });
});

describe('a stream that is closed', () => {
  it.each(['EPIPE', 'ERR_STREAM_DESTROYED'])('cancels the run: %s', async (code) => {
    const error = Object.assign(new Error(`write ${code}`), { code });
    const output = outputOn({ write: (_text, done) => done(error) });

    const writing = output.write(
      { items: [itemOf({ id: 1 })], seq: 0, attempt: 1, failFast: true },
      signal,
    );

    await expect(writing).rejects.toMatchObject({ code: 'run.cancelled', retry: false });
  });

  it('is another fault when it is not the reader who left', async () => {
    const error = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    const output = outputOn({ write: (_text, done) => done(error) });

    const writing = output.write(
      { items: [itemOf({ id: 1 })], seq: 0, attempt: 1, failFast: true },
      signal,
    );

    await expect(writing).rejects.toMatchObject({ code: 'console.unprintable' });
  });
});

describe('a preview', () => {
  it('shows the format, the number of records and the first lines', async () => {
    const output = outputOn(screen(80), { fields: ['id'] });
    const items = Array.from({ length: 30 }, (_, id) => itemOf({ id }));

    const [preview] =
      (await output.preview?.(
        { items, seq: 0, attempt: 1, failFast: true },
        { showCredentials: false },
      )) ?? [];

    expect(preview).toEqual({
      kind: 'text',
      title: 'Print as table',
      record_count: 30,
      detail: 'id\n──\n 0\n 1\n 2\n 3\n 4\n 5\n 6\n 7',
    });
  });
});
