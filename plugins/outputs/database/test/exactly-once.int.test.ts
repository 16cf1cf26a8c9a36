import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import { killConnections } from './kill.ts';
import { facts, type Writing, writing } from './writing.ts';

const { signal } = new AbortController();
const at = (offset: number | bigint) => ({ checkpoint: { offset }, previous: { offset: 0 } });

describeDatabase('sqlite', keeping);
describeDatabase('postgres', keeping);
describeDatabase('mysql', keeping);

function keeping(place: DatabasePlace): void {
  beforeEach(() =>
    place.query(
      'DROP TABLE IF EXISTS cannectors_checkpoint',
      'DROP TABLE IF EXISTS orders',
      'CREATE TABLE orders (id integer PRIMARY KEY, amount integer CHECK (amount < 1000))',
    ),
  );
  const stored = async (): Promise<unknown[]> => {
    const rows = await place.query('SELECT id FROM orders ORDER BY id');
    return rows.map(({ id }) => id);
  };
  const kept = () => place.query('SELECT * FROM cannectors_checkpoint');
  const order = (id: number, amount = 1) => ({ id, amount });
  const forms: [string, JsonRecord][] = [
    ['in bulk', { table: 'orders' }],
    [
      'with a statement',
      {
        query: 'INSERT INTO orders (id, amount) VALUES ($1, $2)',
        parameters: ['record.id', 'record.amount'],
        transaction: true,
      },
    ],
  ];

  describe.each(forms)('%s', (_, form) => {
    /** As at the start of a run. */
    const begun = async (): Promise<Writing> => {
      const made = await writing({
        connectionString: place.connectionString,
        exactlyOnce: true,
        ...form,
      });
      await made.keeper.load(signal);
      return made;
    };

    it('records and position are committed together, by `save`', async () => {
      const { write, keeper } = await begun();

      await write([order(1), order(2)]);
      await write([order(3)]);
      const before = await stored();
      await keeper.save(at(3), signal);

      expect(before).toStrictEqual([]);
      expect(await stored()).toStrictEqual([1, 2, 3]);
      expect(await keeper.load(signal)).toStrictEqual(at(3));
    });

    it('a `close` without `save` gives up what was written', async () => {
      const { write, keeper, output } = await begun();

      await write([order(1)]);
      await keeper.save(at(1), signal);
      await write([order(2)]);
      await output.close?.();
      await output.close?.();

      expect(await stored()).toStrictEqual([1]);
      const { keeper: next } = await begun();
      expect(await next.load(signal)).toStrictEqual(at(1));
    });

    it('a batch that fails leaves the one before it, and may be repeated', async () => {
      const { write, keeper } = await begun();

      await write([order(1)]);
      const failed = await write([order(2), order(3, 1000), order(4)], 'fail');
      await write([order(2)]);
      await keeper.save(at(4), signal);

      expect(facts(failed)).toStrictEqual({ rejected: [[1, 'sql.check']], unsent: [0, 2] });
      expect(await stored()).toStrictEqual([1, 2]);
    });

    it.each(
      // PostgreSQL without savepoints ends the batch; that is asked beside.
      place.driver === 'postgres' && 'query' in form ? [{ savepoints: true }] : [{}],
    )('a record that is skipped leaves the others: %j', async (more) => {
      const { write, keeper } = await writing({
        connectionString: place.connectionString,
        exactlyOnce: true,
        ...form,
        ...more,
      });
      await keeper.load(signal);

      await write([order(1), order(2, 1000), order(3)], 'skip');
      await keeper.save(at(3), signal);

      expect(await stored()).toStrictEqual([1, 3]);
    });

    it('a new run forgets what the last one had not saved', async () => {
      const { write, keeper } = await begun();

      await write([order(1)]);
      await keeper.load(signal);
      await write([order(2)]);
      await keeper.save(at(2), signal);

      expect(await stored()).toStrictEqual([2]);
    });

    it.each(place.driver === 'sqlite' ? [] : [true])(
      'a connection that is lost commits nothing, and only a new run goes on',
      async () => {
        const { write, keeper } = await begun();

        await write([order(1)]);
        await killConnections(place, 'orders');
        const cut = await write([order(2)], 'skip');
        const after = await write([order(3)], 'skip');
        const saving = await keeper.save(at(3), signal).catch((error: unknown) => error);

        expect(cut?.failure).toMatchObject({ category: 'network' });
        expect(after?.failure).toMatchObject({ code: 'database.start-again', retry: false });
        expect(saving).toMatchObject({ code: 'database.start-again' });
        expect(await stored()).toStrictEqual([]);

        expect(await keeper.load(signal)).toBeUndefined();
        await write([order(1)]);
        await keeper.save(at(1), signal);
        expect(await stored()).toStrictEqual([1]);
      },
    );

    it.each(place.driver === 'sqlite' ? [] : [true])(
      'a connection that is lost before the commit commits nothing',
      async () => {
        const { write, keeper } = await begun();

        await write([order(1)]);
        await killConnections(place, 'orders');

        await expect(keeper.save(at(1), signal)).rejects.toMatchObject({ category: 'network' });
        await expect(keeper.save(at(1), signal)).rejects.toMatchObject({
          code: 'database.start-again',
        });
        expect(await stored()).toStrictEqual([]);
        expect(await keeper.load(signal)).toBeUndefined();
      },
    );
  });

  it.each(place.driver === 'postgres' ? [true] : [])(
    'a batch whose transaction is aborted fails, and leaves the one before it',
    async () => {
      const [, [, form]] = forms as [unknown, [string, JsonRecord]];
      const { write, keeper } = await writing({
        connectionString: place.connectionString,
        exactlyOnce: true,
        ...form,
      });
      await keeper.load(signal);

      await write([order(1)]);
      const result = await write([order(2, 1000), order(3)], 'skip');
      await write([order(4)]);
      await keeper.save(at(4), signal);

      expect(facts(result)).toMatchObject({ failure: 'database.commit-failed' });
      expect(await stored()).toStrictEqual([1, 4]);
    },
  );

  describe('the table', () => {
    const opened = (more: JsonRecord = {}) =>
      writing({
        connectionString: place.connectionString,
        table: 'orders',
        exactlyOnce: true,
        ...more,
      });

    it('is made, and holds exact integers as JSON text', async () => {
      const { keeper } = await opened();

      expect(await keeper.load(signal)).toBeUndefined();
      await keeper.save(at(9007199254740993n), signal);

      expect(await kept()).toStrictEqual([
        {
          pipeline: 'test',
          checkpoint: '{"offset":9007199254740993}',
          previous: '{"offset":0}',
        },
      ]);
      expect(await keeper.load(signal)).toStrictEqual(at(9007199254740993n));
    });

    it('takes the same position again, without records', async () => {
      const { keeper } = await opened();
      await keeper.load(signal);

      await keeper.save(at(1), signal);
      await keeper.save(at(1), signal);
      await keeper.save(at(2), signal);

      expect(await kept()).toHaveLength(1);
      expect(await keeper.load(signal)).toStrictEqual(at(2));
    });

    it('has the name that it is given, and holds the positions of other pipelines too', async () => {
      const name = 'my "checkpoints`';
      const { keeper } = await opened({ checkpointTable: name });
      await keeper.load(signal);
      await keeper.save(at(1), signal);

      expect(await keeper.load(signal)).toStrictEqual(at(1));
      await expect(kept()).rejects.toThrow(/cannectors_checkpoint/);
    });

    it('that cannot be read says so, and is not taken for a first run', async () => {
      const { keeper } = await opened();
      await keeper.load(signal);
      await place.query("INSERT INTO cannectors_checkpoint VALUES ('test', '{\"offset', '{}')");

      await expect(keeper.load(signal)).rejects.toMatchObject({
        code: 'database.bad-checkpoint',
      });
    });

    it('is made with a table of records, outside of their transaction', async () => {
      await place.query('DROP TABLE orders');
      const { write, keeper, output } = await opened({ createTable: true });
      await keeper.load(signal);

      await write([order(1)]);
      await output.close?.();

      expect(await stored()).toStrictEqual([]);
    });
  });
}
