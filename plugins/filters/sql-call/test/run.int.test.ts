import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonRecord } from '@cannectors/core';
import { runPipeline } from '@cannectors/testkit';
import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const given = [{ id: 1 }, { id: 'x' }, { id: 3 }];

/** Runs records through filters, from a file to a file. */
async function through(...filters: JsonRecord[]) {
  return run(filters, false);
}

async function run(filters: readonly JsonRecord[], dryRun: boolean) {
  // Plugins are those that the repository itself depends on.
  const folder = mkdtempSync(path.resolve('node_modules/.sql-call-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = path.join(folder, 'out.ndjson');
  writeFileSync(path.join(folder, 'in.ndjson'), given.map((one) => JSON.stringify(one)).join('\n'));
  const pipeline = {
    name: 'lookups',
    input: { type: 'file', path: 'in.ndjson' },
    filters,
    output: { type: 'file', path: out },
  };
  writeFileSync(path.join(folder, 'lookups.yaml'), JSON.stringify(pipeline));
  const ran = await runPipeline(path.join(folder, 'lookups.yaml'), {
    storage: path.join(tmpdir(), 'cannectors-none'),
    dryRun,
  });
  const read = (): JsonRecord[] => {
    const text = readFileSync(out, 'utf8').trimEnd();
    return text.split('\n').map((line) => JSON.parse(line) as JsonRecord);
  };
  return { ...ran, read, said: (text: string) => ran.log.filter(({ msg }) => msg === text) };
}

describeDatabase('postgres', ({ connectionString, query }) => {
  beforeAll(() =>
    query(
      'CREATE TABLE things (id integer PRIMARY KEY, name varchar(80))',
      `INSERT INTO things VALUES (1, 'one'), (3, 'three')`,
    ),
  );
  const base = { type: 'sql_call', connectionString, parameters: ['record.id'] };
  const ways: [string, JsonRecord][] = [
    ['alone', { ...base, query: 'SELECT name FROM things WHERE id = $1' }],
    [
      'together',
      {
        ...base,
        query: 'SELECT id, name FROM things WHERE id IN ($1)',
        lookup: { key: ['id'] },
      },
    ],
  ];

  describe.each(ways)('%s', (_title, filter) => {
    it('fails the run at the first record that fails', async () => {
      const { result, said } = await through(filter);

      expect(result).toMatchObject({
        status: 'error',
        error: {
          code: 'FILTER_FAILED',
          module: 'sql_call',
          details: { fault: 'sql.bad-value', record_index: 1 },
        },
      });
      expect(said('filter processing failed')).toHaveLength(1);
    });

    it('passes over a record with `skip`', async () => {
      const { result, read, said } = await through({ ...filter, onError: 'skip' });

      expect(result).toMatchObject({ status: 'success', records_failed: 1 });
      expect(read().map(({ name }) => name)).toEqual(['one', 'three']);
      expect(said('skipping record due to sql_call error')).toHaveLength(1);
    });

    it('marks a record with `log`', async () => {
      const { result, read, said } = await through({ ...filter, onError: 'log' });

      const [first, second, third] = read();
      expect([first?.['name'], third?.['name']]).toEqual(['one', 'three']);
      expect(second).toMatchObject({
        id: 'x',
        _errors: [
          {
            module: 'sql_call',
            code: 'sql.bad-value',
            category: 'validation',
            retryable: false,
            recordIndex: 1,
          },
        ],
      });
      expect(second).not.toHaveProperty('name');
      expect(result.error_counts).toEqual({ validation: 1 });
      expect(said('sql_call error (continuing)')).toHaveLength(1);
    });

    it('works in a loop', async () => {
      const list = { type: 'set', target: 'list', value: [{ id: 3 }, { id: 1 }] };
      const nested = { ...filter, parameters: ['item.id'] };
      // What is merged in a loop stands beside the element.
      const copy = { type: 'mapping', mappings: [{ source: 'name', target: 'item.name' }] };
      const loop = { type: 'loop', field: 'list', itemName: 'item', filters: [nested, copy] };

      const { result, read } = await through(list, loop);

      expect(result.error).toBeUndefined();
      expect(read()[0]?.['list']).toEqual([
        { id: 3, name: 'three' },
        { id: 1, name: 'one' },
      ]);
    });

    it('asks in a dry run too', async () => {
      const { result } = await run([{ ...filter, onError: 'skip' }], true);

      expect(result).toMatchObject({ status: 'success', records_failed: 1 });
    });
  });

  it.each([false, true])(
    'opens the database before anything is read (dry run: %s)',
    async (dryRun) => {
      const away = {
        ...ways[0]?.[1],
        connectionString: 'postgres://nobody:secret@127.0.0.1:1/nowhere',
        onError: 'skip',
      };

      const { result } = await run([away], dryRun);

      expect(result).toMatchObject({
        status: 'error',
        records_read: 0,
        error: { module: 'sql_call', details: { fault: 'sql.connect', path: 'filters[0]' } },
      });
      expect(JSON.stringify(result)).not.toContain('secret');
    },
  );
});
