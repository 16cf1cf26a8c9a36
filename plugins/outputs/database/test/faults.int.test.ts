import { setTimeout } from 'node:timers/promises';
import type { JsonRecord } from '@cannectors/core';
import { fakeContext, within } from '@cannectors/testkit';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import { database } from '../src/database.ts';
import { complete } from './complete.ts';
import { killWaiting, lockWait } from './kill.ts';
import { other } from './other.ts';
import { facts, itemsOf, writing } from './writing.ts';

describeDatabase('sqlite', faults);
describeDatabase('postgres', faults);
describeDatabase('mysql', faults);

const statement = {
  query: 'INSERT INTO notes (id, amount) VALUES ($1, $2)',
  parameters: ['record.id', 'record.amount'],
};
const together = { ...statement, transaction: true };
const inBulk = { table: 'notes' };

/** A trigger that says for the second record what a server without disk says. */
const fullDisk = {
  postgres: [
    `CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`,
    `CREATE TRIGGER full_disk BEFORE INSERT ON notes FOR EACH ROW WHEN (NEW.id = 2)
       EXECUTE FUNCTION full_disk()`,
  ],
  mysql: [
    `CREATE TRIGGER full_disk BEFORE INSERT ON notes FOR EACH ROW IF NEW.id = 2 THEN
       SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full'; END IF`,
  ],
} as const;

function faults(place: DatabasePlace): void {
  const { connectionString, driver } = place;
  const isServer = driver !== 'sqlite';
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
  const opened = (config: JsonRecord) => writing({ connectionString, ...config });
  const records = [1, 2, 3].map((id) => ({ id, amount: id }));

  describe.each(isServer ? [true] : [])('a connection that is killed', () => {
    it.each([
      ['in a transaction', together],
      ['in bulk', inBulk],
    ])('in the middle of a batch, %s, leaves nothing half written', async (_, config) => {
      const { write } = await opened(config);
      const { says } = await other(connectionString);
      await says('BEGIN', 'INSERT INTO notes (id) VALUES (2)');

      const cut = write(records, 'skip');
      await killWaiting(place, 'notes');
      const result = await cut;
      await says('ROLLBACK');

      expect(result?.failure).toMatchObject({ code: 'sql.connection', retry: true });
      expect(await stored()).toStrictEqual([]);
      expect(facts(await write(records))).toStrictEqual({ rejected: [], unsent: [] });
      expect(await stored()).toStrictEqual([1, 2, 3]);
    });

    it.each([
      ['fail', [2], [1]],
      ['skip', [], [1, 3]],
    ] as const)(
      'leaves what each record committed by itself, and goes on over another one: `%s`',
      async (onError, unsent, arrived) => {
        const { write } = await opened(statement);
        const { says } = await other(connectionString);
        await says('BEGIN', 'INSERT INTO notes (id) VALUES (2)');

        const cut = write(records, onError);
        await killWaiting(place, 'notes');
        const result = await cut;
        await says('ROLLBACK');

        expect(facts(result)).toStrictEqual({ rejected: [[1, 'sql.connection']], unsent });
        expect(await stored()).toStrictEqual(arrived);
      },
    );
  });

  it.each(
    (
      [
        ['in a transaction with savepoints', { ...together, savepoints: true }],
        ['in bulk', inBulk],
      ] as const
    ).slice(0, isServer ? 2 : 0),
  )('a disk that is full fails the batch, %s, also under `skip`', async (_, config) => {
    await place.query(...fullDisk[driver === 'mysql' ? 'mysql' : 'postgres']);
    const { write } = await opened(config);

    const result = await write(records, 'skip');

    expect(result?.failure).toMatchObject({ code: 'sql.no-room', category: 'server', retry: true });
    expect(await stored()).toStrictEqual([]);
  });

  describe('a lock that somebody else holds for too long', () => {
    it.each([
      ['in a transaction', together],
      ['in a transaction with savepoints', { ...together, savepoints: true }],
      ['in bulk', inBulk],
    ])('fails the batch, %s, also under `skip`', async (_, config) => {
      const { write } = await opened({ ...config, timeoutMs: 500 });
      const { says } = await other(connectionString);
      await says('BEGIN', 'INSERT INTO notes (id) VALUES (2)');

      const result = await write(records, 'skip');
      await says('ROLLBACK');

      expect(result?.failure).toMatchObject({
        code: 'sql.timeout',
        category: 'network',
        retry: true,
      });
      expect(await stored()).toStrictEqual([]);
    });

    it.each(isServer ? [true] : [])('loses the record that waits for it, alone', async () => {
      const { write } = await opened({ ...statement, timeoutMs: 500 });
      const { says } = await other(connectionString);
      await says('BEGIN', 'INSERT INTO notes (id) VALUES (2)');

      const result = await write(records, 'skip');
      await says('ROLLBACK');

      expect(facts(result)).toStrictEqual({ rejected: [[1, 'sql.timeout']], unsent: [] });
      expect(await stored()).toStrictEqual([1, 3]);
    });
  });

  it.each([
    // What was sent may have been carried out, so nothing is asked of the rows.
    ['alone', statement, undefined],
    ['in a transaction', together, []],
    ['in a transaction with savepoints', { ...together, savepoints: true }, []],
    ['in bulk', inBulk, []],
  ])('a write that is aborted while it waits ends soon, %s', async (_, config, left) => {
    const { output, write } = await opened(config);
    const { says } = await other(connectionString);
    await says('BEGIN', 'INSERT INTO notes (id) VALUES (2)');
    const abort = new AbortController();
    const items = itemsOf(records);

    const cut = output
      .write({ items, seq: 0, attempt: 1, failFast: false, onError: 'skip' }, abort.signal)
      .then(
        () => 'says that it took some',
        () => 'throws',
      );
    await (isServer ? lockWait(place, 'notes') : setTimeout(50));
    abort.abort(new Error('the test aborts'));
    const outcome = await within(cut, 'goes on');
    await says('ROLLBACK');

    expect(outcome).toBe('throws');
    const rows = await stored();
    expect(left ?? rows).toStrictEqual(rows);
    expect(facts(await write([{ id: 4 }]))).toStrictEqual({ rejected: [], unsent: [] });
  });

  it.each(isServer ? [{}, { savepoints: true }] : [])(
    'a deadlock takes all of a batch or nothing: %j',
    async (more) => {
      await place.query('INSERT INTO notes VALUES (1, 0), (2, 0), (3, 0), (4, 0)');
      const { write } = await opened({
        query: 'UPDATE notes SET amount = 1 WHERE id = $1',
        parameters: ['record.id'],
        transaction: true,
        ...more,
      });
      const { says } = await other(connectionString);
      const many = Array.from({ length: 50 }, (_, id) => `(${id + 100}, 0)`).join();
      // MariaDB gives up the one that has changed less.
      await says(
        'BEGIN',
        `INSERT INTO notes VALUES ${many}`,
        'UPDATE notes SET amount = 2 WHERE id = 2',
      );

      const ours = write([{ id: 3 }, { id: 2 }, { id: 4 }], 'skip');
      await lockWait(place, 'notes');
      const theirs = await says('UPDATE notes SET amount = 2 WHERE id = 3', 'COMMIT').then(
        () => 'committed',
        () => says('ROLLBACK').then(() => 'given up'),
      );
      const result = await ours;

      const rows = await place.query('SELECT amount FROM notes WHERE id < 100 ORDER BY id');
      const amounts = rows.map(({ amount }) => amount);
      expect([
        ['committed', { rejected: [], unsent: [], failure: 'sql.deadlock' }, [0, 2, 2, 0]],
        ['given up', { rejected: [], unsent: [] }, [0, 1, 1, 1]],
      ]).toContainEqual([theirs, facts(result), amounts]);
    },
  );

  it.each([
    ['in bulk', inBulk, { failure: 'sql.no-column' }],
    ['alone', statement, { rejected: [[0, 'sql.no-column']] }],
  ])('a column that is dropped meanwhile is told, %s', async (_, config, told) => {
    const { write } = await opened(config);
    await write([{ id: 1, amount: 1 }]);
    await place.query('ALTER TABLE notes DROP COLUMN amount');

    const result = await write([{ id: 2, amount: 2 }], 'skip');

    expect(facts(result)).toMatchObject(told);
    expect(await stored()).toStrictEqual([1]);
  });

  it.each([
    ['in bulk', inBulk, 'failure'],
    ['in a transaction', together, 'rejected'],
  ])('a table that is not there is told once, %s', async (_, config, how) => {
    await place.query('DROP TABLE notes');
    const { write } = await opened(config);

    const result = facts(await write(records, 'fail'));

    expect(how === 'failure' ? result.failure : result.rejected).toStrictEqual(
      how === 'failure' ? 'sql.no-table' : [[0, 'sql.no-table']],
    );
  });

  it.each(driver === 'mysql' ? [] : [inBulk, together])(
    'a database that is read-only refuses the batch: %j',
    async (config) => {
      const readOnly =
        driver === 'sqlite'
          ? `${connectionString}?mode=ro`
          : `${connectionString}%20-cdefault_transaction_read_only%3Don`;
      const { write } = await writing({ connectionString: readOnly, ...config });

      const result = await write(records, 'fail');
      const fault = result?.failure ?? result?.rejected?.[0]?.fault;

      expect(fault).toMatchObject({ code: 'sql.permission', retry: false });
      expect(await stored()).toStrictEqual([]);
    },
  );

  it.each(isServer ? [statement] : [])('a value that does not fit is told: %j', async (config) => {
    const { write } = await opened(config);

    const result = await write(
      [{ id: 'one' }, { id: 2 ** 40 }, { id: 1, amount: 1.5 }, { id: 2, amount: 2.0 }],
      'skip',
    );

    const rejected = facts(result).rejected.filter(([index]) => index !== 2);
    expect(rejected).toStrictEqual([
      [0, 'sql.bad-value'],
      [1, 'sql.bad-value'],
    ]);
    expect(await stored()).toContain(2);
  });

  it('no fault, log or preview holds a value or a password', async () => {
    const { write, context } = await opened(together);

    const result = await write(
      [
        { id: 1, amount: 1 },
        { id: 1, amount: 424242 },
      ],
      'skip',
    );

    expect(JSON.stringify([result, context.lines])).not.toContain('424242');
  });
}

describe('an address', () => {
  const { signal } = new AbortController();
  const make = (config: JsonRecord) =>
    database(complete({ table: 't', ...config }), fakeContext({ folder: import.meta.dirname }));

  it.each([
    ['nobody listens', 'postgres://writer:s3cr3t@127.0.0.1:1/shop', 'sql.connect'],
    ['nobody listens', 'mysql://writer:s3cr3t@127.0.0.1:1/shop', 'sql.connect'],
    ['there is no such folder', 'file:/nowhere/at/all/shop.db', 'sql.connect'],
    ['nobody can tell what it is', 'somewhere s3cr3t', 'sql.unknown-driver'],
  ])('where %s fails `open`, and its password is not shown: %s', async (_, address, code) => {
    const output = make({ connectionString: address });

    const error: unknown = await output.open?.(signal).catch((thrown: unknown) => thrown);
    await output.close?.();
    await output.close?.();

    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('s3cr3t');
  });
});
