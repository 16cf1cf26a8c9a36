import { itemOf, type JsonRecord } from '@cannectors/core';
import { type Plan, runScope, start } from '@cannectors/core/run';
import { fakeContext } from '@cannectors/testkit';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { database } from '../src/database.ts';
import { complete } from './complete.ts';

describeDatabase('sqlite', runs);
describeDatabase('postgres', runs);
describeDatabase('mysql', runs);

const statement = {
  query: 'INSERT INTO notes (id) VALUES ($1)',
  parameters: ['record.id'],
};

/** What the kernel makes of what the output says. */
function runs(place: DatabasePlace): void {
  beforeEach(() =>
    place.query('DROP TABLE IF EXISTS notes', 'CREATE TABLE notes (id integer PRIMARY KEY)'),
  );
  const { connectionString } = place;
  const isAborting = place.driver === 'postgres';

  it.each<[string, JsonRecord, 'fail' | 'skip', object, number[], number[]]>([
    [
      'alone',
      statement,
      'fail',
      { status: 'error', records_written: 4, records_failed: 2 },
      [1, 2, 3, 4],
      [1],
    ],
    [
      'alone',
      statement,
      'skip',
      { status: 'success', records_written: 5, records_failed: 1 },
      [1, 2, 3, 4, 5],
      [1, 2],
    ],
    [
      'in a transaction',
      { ...statement, transaction: true },
      'fail',
      { status: 'error', records_written: 3, records_failed: 3 },
      [1, 2, 3],
      [1],
    ],
    isAborting
      ? [
          'in a transaction',
          { ...statement, transaction: true },
          'skip',
          { status: 'error', records_written: 3, records_failed: 3 },
          [1, 2, 3],
          [1],
        ]
      : [
          'in a transaction',
          { ...statement, transaction: true },
          'skip',
          { status: 'success', records_written: 5, records_failed: 1 },
          [1, 2, 3, 4, 5],
          [1, 2],
        ],
    [
      'with savepoints',
      { ...statement, transaction: true, savepoints: true },
      'skip',
      { status: 'success', records_written: 5, records_failed: 1 },
      [1, 2, 3, 4, 5],
      [1, 2],
    ],
    [
      'in bulk',
      { table: 'notes' },
      'fail',
      { status: 'error', records_written: 3, records_failed: 3 },
      [1, 2, 3],
      [1],
    ],
    [
      'in bulk',
      { table: 'notes' },
      'skip',
      { status: 'success', records_written: 5, records_failed: 1 },
      [1, 2, 3, 4, 5],
      [1, 2],
    ],
  ])('a run writes %s: %j under `%s`', async (_, config, onError, result, stored, saves) => {
    const made = await run({ connectionString, ...config }, onError, [
      [1, 2, 3],
      [4, 1, 5],
    ]);

    expect(made.result).toMatchObject(result);
    const rows = await place.query('SELECT id FROM notes ORDER BY id');
    expect(rows.map(({ id }) => id)).toStrictEqual(stored);
    expect(made.saves).toStrictEqual(saves);
  });
}

/** Runs chunks of ids, each a batch with a checkpoint. */
async function run(config: JsonRecord, onError: 'fail' | 'skip', chunks: readonly number[][]) {
  const context = fakeContext({ folder: import.meta.dirname });
  const output = database(complete(config), context);
  onTestFinished(() => output.close?.());
  const { log } = context;
  const saves: unknown[] = [];
  const plan: Plan = {
    name: 'test',
    input: {
      type: 'list',
      path: 'input',
      onError: 'fail',
      log,
      input: {
        async *read() {
          for (const [index, ids] of chunks.entries()) {
            yield { items: ids.map((id) => itemOf({ id })), checkpoint: index + 1 };
          }
        },
      },
    },
    filters: [],
    outputs: [
      { type: 'database', path: 'output', id: 'output', onError, required: true, log, output },
    ],
    routing: 'all',
    unmatched: 'fail',
    batch: {
      maxEvents: 3,
      maxBytes: 2 ** 20,
      maxMs: 60_000,
      respectSourceTx: true,
      maxInflight: 1,
    },
    commitPolicy: { mode: 'required' },
    onErrorScope: 'all',
    memory: { maxBytes: 2 ** 26, maxRecordBytes: 2 ** 24 },
    checkpointIntervalMs: 0,
    scope: runScope(),
  };
  const store = {
    load: () => Promise.resolve(undefined),
    save: (checkpoint: unknown) => Promise.resolve(void saves.push(checkpoint)),
  };
  const result = await start(plan, { run: 'run', log, store }).result;
  return { result, saves };
}
