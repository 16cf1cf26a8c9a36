import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import { facts, writing } from './writing.ts';

/** Each record that is not taken has its own reason. */
const good = (id: number) => ({ id, amount: '7' });
const twice = { id: 1, amount: '8' };
const unbuilt = { id: 4, amount: 'many' };
const statement = {
  query: 'INSERT INTO notes (id, amount) VALUES ($1, $2)',
  parameters: ['record.id', 'int(record.amount)'],
};
const alone = { ...statement };
const together = { ...statement, transaction: true };
const guarded = { ...together, savepoints: true };

describeDatabase('sqlite', rules);
describeDatabase('postgres', rules);
describeDatabase('mysql', rules);

function rules(place: DatabasePlace): void {
  beforeEach(() =>
    place.query(
      'DROP TABLE IF EXISTS notes',
      'CREATE TABLE notes (id integer PRIMARY KEY, amount integer)',
    ),
  );
  const stored = async (): Promise<unknown[]> => {
    const rows = await place.query('SELECT id FROM notes ORDER BY id');
    return rows.map(({ id }) => id);
  };
  const opened = (config: JsonRecord) =>
    writing({ connectionString: place.connectionString, ...config });
  const abortsOnError = place.driver === 'postgres';

  describe('a record that the database refuses', () => {
    const records = [good(1), good(2), twice, good(3)];

    it('alone, under `fail`, stops; what was before it stays', async () => {
      const { write, said } = await opened(alone);

      const result = await write(records, 'fail');

      expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.unique']], unsent: [3] });
      expect(await stored()).toStrictEqual([1, 2]);
      expect(said('warn')).toStrictEqual([]);
      expect(said('error')).toStrictEqual([
        {
          message: 'database output send failed',
          fields: { sent_count: 2, error: expect.stringMatching(uniqueText) as string },
        },
      ]);
    });

    it.each(['skip', 'log', 'dlq'] as const)(
      'alone, under `%s`, is passed over',
      async (onError) => {
        const { write, said } = await opened(alone);

        const result = await write(records, onError);

        expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.unique']], unsent: [] });
        expect(await stored()).toStrictEqual([1, 2, 3]);
        expect(said(onError === 'log' ? 'error' : 'warn')).toStrictEqual([
          {
            message:
              onError === 'log'
                ? 'database error (continuing)'
                : 'skipping record due to database error',
            fields: {
              record_index: 2,
              error: expect.stringMatching(uniqueText) as string,
              error_category: 'validation',
            },
          },
        ]);
        expect(said('info')).toMatchObject([
          {
            message: 'database output send started',
            fields: { record_count: 4, transaction: false },
          },
          {
            message: 'database output send completed',
            fields: { record_count: 4, sent_count: 3, duration_ms: expect.any(Number) as number },
          },
        ]);
      },
    );

    it.each([
      ['a transaction', together],
      ['a transaction with savepoints', guarded],
      ['bulk', { table: 'notes' }],
    ])('in %s, under `fail`, takes all with it', async (_, config) => {
      const { write, said } = await opened(config);

      const result = await write(records, 'fail');

      expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.unique']], unsent: [0, 1, 3] });
      expect(await stored()).toStrictEqual([]);
      expect(said('error')).toMatchObject([
        { message: 'database output send failed', fields: { sent_count: 0 } },
      ]);
    });

    it.each([
      ['a transaction with savepoints', guarded],
      ['bulk', { table: 'notes' }],
    ])('in %s, under `skip`, is passed over', async (_, config) => {
      const { write, said } = await opened(config);

      const result = await write(records, 'skip');

      expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.unique']], unsent: [] });
      expect(await stored()).toStrictEqual([1, 2, 3]);
      expect(said('warn')).toMatchObject([
        { message: 'skipping record due to database error', fields: { record_index: 2 } },
      ]);
    });

    it.each(abortsOnError ? [] : (['log'] as const))(
      'in a transaction, under `%s`, is passed over',
      async (onError) => {
        const { write, said } = await opened(together);

        const result = await write(records, onError);

        expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.unique']], unsent: [] });
        expect(await stored()).toStrictEqual([1, 2, 3]);
        expect(said('error')).toMatchObject([
          { message: 'database error (continuing)', fields: { record_index: 2 } },
        ]);
      },
    );

    it.each(abortsOnError ? (['skip'] as const) : [])(
      'in a transaction, under `%s`, aborts it: the commit fails, and the batch',
      async (onError) => {
        const { write, said } = await opened(together);

        const result = await write([...records, good(5)], onError);

        expect(result).toMatchObject({ failure: { code: 'database.commit-failed', retry: false } });
        expect(await stored()).toStrictEqual([]);
        expect(said('warn')).toMatchObject([
          { fields: { record_index: 2, error: expect.stringMatching(uniqueText) as string } },
          { fields: { record_index: 3, error: expect.stringContaining(aborted) as string } },
          { fields: { record_index: 4, error: expect.stringContaining(aborted) as string } },
        ]);
        expect(said('error')).toMatchObject([
          {
            message: 'database output send failed',
            fields: {
              sent_count: 0,
              error: expect.stringContaining('committing transaction: ') as string,
            },
          },
        ]);
      },
    );
  });

  describe('a record that becomes no statement', () => {
    const records = [good(1), good(2), unbuilt, good(3), unbuilt];

    it('alone, under `fail`, stops; what was before it stays', async () => {
      const { write } = await opened(alone);

      const result = await write(records, 'fail');

      expect(facts(result)).toStrictEqual({ rejected: [[2, 'sql.not-built']], unsent: [3, 4] });
      expect(await stored()).toStrictEqual([1, 2]);
    });

    it('in a transaction, under `fail`, takes all with it', async () => {
      const { write } = await opened(together);

      const result = await write(records, 'fail');

      expect(facts(result)).toStrictEqual({
        rejected: [[2, 'sql.not-built']],
        unsent: [0, 1, 3, 4],
      });
      expect(await stored()).toStrictEqual([]);
    });

    it.each([
      ['alone', alone],
      ['in a transaction', together],
      ['with savepoints', guarded],
    ])('%s, under `skip` or `log`, is passed over', async (_, config) => {
      const { write, said } = await opened(config);

      const result = await write(records, 'skip');
      await write([unbuilt], 'log');

      expect(facts(result)).toStrictEqual({
        rejected: [
          [2, 'sql.not-built'],
          [4, 'sql.not-built'],
        ],
        unsent: [],
      });
      expect(await stored()).toStrictEqual([1, 2, 3]);
      expect(said('warn')).toMatchObject([
        { message: 'skipping record due to query build error', fields: { record_index: 2 } },
        { message: 'skipping record due to query build error', fields: { record_index: 4 } },
      ]);
      expect(said('error')).toMatchObject([
        { message: 'query build error (continuing)', fields: { record_index: 0 } },
      ]);
    });
  });

  it.each([
    ['alone', alone],
    ['in a transaction', together],
    ['in bulk', { table: 'notes' }],
  ])('nothing is done for no records, %s', async (_, config) => {
    const { write, context } = await opened(config);

    expect(await write([])).toStrictEqual({});
    expect(context.lines).toStrictEqual([]);
  });
}

const uniqueText = /^database constraint error: unique constraint violation \(original: .*\)$/s;
const aborted = 'current transaction is aborted';
