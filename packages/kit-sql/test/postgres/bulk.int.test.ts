import type { Json } from '@cannectors/core';
import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BulkPlan } from '../../src/database.ts';
import { faultOf, never, openSession, statement } from './open.ts';

const columns = ['id', 'name'];

describeDatabase('postgres', (place) => {
  beforeEach(() =>
    place.query('DROP TABLE IF EXISTS t CASCADE', 'CREATE TABLE t (id int PRIMARY KEY, name text)'),
  );

  const stored = (table = 't') => place.query(`SELECT * FROM ${table} ORDER BY 1, 2`);
  const plan = (mode: BulkPlan['mode'], more: Partial<BulkPlan> = {}): BulkPlan => ({
    table: 't',
    columns,
    mode,
    key: mode === 'insert' ? [] : ['id'],
    ...more,
  });

  async function write(wanted: BulkPlan, rows: readonly (readonly Json[])[]): Promise<void> {
    const session = await openSession(place);
    const bulk = await session.bulk(wanted, never);
    await bulk.write(rows, never);
  }

  it.each(['insert', 'upsert'] as const)('%s adds rows, also many of them', async (mode) => {
    const rows = Array.from({ length: 12_001 }, (_, id) => [id, `name ${id}`]);

    await write(plan(mode), rows);

    expect(await stored()).toEqual(rows.map(([id, name]) => ({ id, name })));
  });

  it.each(['insert', 'upsert', 'update', 'delete'] as const)(
    '%s of no rows does nothing',
    async (mode) => {
      await write(plan(mode), []);

      expect(await stored()).toEqual([]);
    },
  );

  it('writes rows of megabytes', async () => {
    const rows = Array.from({ length: 8 }, (_, id) => [id, '\t😀\\'.repeat(500_000)]);

    await write(plan('insert'), rows);
    await write(plan('upsert'), rows);

    expect(
      await place.query(`SELECT DISTINCT name = repeat(E'\\t😀\\\\', 500000) AS same FROM t`),
    ).toEqual([{ same: true }]);
  });

  it('upserts: of rows with the same key the last wins', async () => {
    await place.query(`INSERT INTO t VALUES (1, 'old'), (9, 'other')`);

    await write(plan('upsert'), [
      [1, 'first'],
      [2, 'new'],
      [1, 'last'],
    ]);

    expect(await stored()).toEqual([
      { id: 1, name: 'last' },
      { id: 2, name: 'new' },
      { id: 9, name: 'other' },
    ]);
  });

  it('updates rows that are there, the last of the same key, and adds none', async () => {
    await place.query(`INSERT INTO t VALUES (1, 'old'), (9, 'other')`);

    await write(plan('update'), [
      [1, 'first'],
      ['01', 'last'],
      [2, 'new'],
    ]);

    expect(await stored()).toEqual([
      { id: 1, name: 'last' },
      { id: 9, name: 'other' },
    ]);
  });

  it('deletes by key, whatever the other columns hold', async () => {
    await place.query(`INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')`);

    await write(plan('delete'), [
      [1, 'no text of the row'],
      [3, null],
      [3, null],
      [4, null],
    ]);

    expect(await stored()).toEqual([{ id: 2, name: 'b' }]);
  });

  describe('a key of two columns', () => {
    const pair = { table: 'pair', columns: ['a', 'b', 'n'], key: ['a', 'b'] };

    beforeEach(() =>
      place.query(
        'DROP TABLE IF EXISTS pair',
        'CREATE TABLE pair (a text, b text, n int, UNIQUE (a, b))',
        `INSERT INTO pair VALUES ('x', 'y', 1), ('x,y', '', 2)`,
      ),
    );

    it('upserts', async () => {
      await write({ ...pair, mode: 'upsert' }, [
        ['x', 'y', 3],
        ['x', 'y', 4],
        ['x,y', '', 5],
      ]);

      expect(await stored('pair')).toEqual([
        { a: 'x', b: 'y', n: 4 },
        { a: 'x,y', b: '', n: 5 },
      ]);
    });

    it('keeps every row that has nothing in its key', async () => {
      await write({ ...pair, mode: 'upsert' }, [
        ['x', null, 3],
        ['x', null, 4],
      ]);

      expect(await stored('pair')).toHaveLength(4);
    });

    it('updates and deletes', async () => {
      await write({ ...pair, mode: 'update' }, [['x', 'y', 7]]);
      await write({ ...pair, mode: 'delete' }, [['x,y', '', null]]);

      expect(await stored('pair')).toEqual([{ a: 'x', b: 'y', n: 7 }]);
    });
  });

  it('upserts a table that has nothing but its key', async () => {
    await write(plan('upsert', { columns: ['id'] }), [[1], [1], [2]]);
    await write(plan('upsert', { columns: ['id'] }), [[2], [3]]);

    expect((await stored()).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('writes through a view, and where policies choose the rows', async () => {
    await place.query(
      'CREATE VIEW seen AS SELECT id, name FROM t',
      'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
    );

    await write(plan('insert', { table: 'seen' }), [[1, 'a']]);
    await write(plan('insert'), [[2, 'b']]);

    expect(await stored()).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
  });

  it('fills partitions, generated keys and domains', async () => {
    await place.query(
      'DROP TABLE IF EXISTS part',
      'DROP DOMAIN IF EXISTS tags',
      'CREATE DOMAIN tags AS text[]',
      `CREATE TABLE part (id int GENERATED ALWAYS AS IDENTITY, name varchar(3), tags tags, PRIMARY KEY (id))
         PARTITION BY RANGE (id)`,
      'CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)',
    );
    const wanted = { table: 'part', columns: ['id', 'name', 'tags'] };

    await write({ ...wanted, mode: 'insert', key: [] }, [[1, 'a', ['x']]]);
    await write({ ...wanted, mode: 'upsert', key: ['id'] }, [[2, 'b', ['y', 'z']]]);
    const fault = await faultOf(
      write({ ...wanted, mode: 'upsert', key: ['id'] }, [[3, 'long', null]]),
    );

    expect(await stored('part')).toEqual([
      { id: 1, name: 'a', tags: '{x}' },
      { id: 2, name: 'b', tags: '{y,z}' },
    ]);
    expect(fault.code).toBe('sql.bad-value');
  });

  it('quotes what names hold', async () => {
    const table = 'Ta"ble; DROP TABLE t';
    await place.query(
      `CREATE TABLE "Ta""ble; DROP TABLE t" ("i d" int PRIMARY KEY, "n""ame" text)`,
    );
    const wanted = { table, columns: ['i d', 'n"ame'] };

    await write({ ...wanted, mode: 'insert', key: [] }, [[1, 'a']]);
    await write({ ...wanted, mode: 'upsert', key: ['i d'] }, [[1, 'b']]);
    await write({ ...wanted, mode: 'update', key: ['i d'] }, [[1, 'c']]);

    expect(await stored('"Ta""ble; DROP TABLE t"')).toEqual([{ 'i d': 1, 'n"ame': 'c' }]);
  });

  it.each(['insert', 'upsert', 'update', 'delete'] as const)(
    'leaves the transaction to the caller, who can go back to before a bad value: %s',
    async (mode) => {
      const session = await openSession(place);
      const bulk = await session.bulk(plan(mode), never);
      const upsert = await session.bulk(plan('upsert'), never);
      await session.command('BEGIN', never);
      await upsert.write([[1, 'good']], never);
      await session.command('SAVEPOINT here', never);

      const fault = await faultOf(
        bulk.write(
          [
            [5, 'x'],
            ['no number', 'x'],
          ],
          never,
        ),
      );
      await session.command('ROLLBACK TO SAVEPOINT here', never);
      await upsert.write([[2, 'good too']], never);
      await session.command('COMMIT', never);

      expect(fault).toMatchObject({ code: 'sql.bad-value', retry: false });
      expect(await stored()).toEqual([
        { id: 1, name: 'good' },
        { id: 2, name: 'good too' },
      ]);
    },
  );

  it('goes on after a value that cannot be written at all', async () => {
    await place.query('DROP TABLE IF EXISTS bytes', 'CREATE TABLE bytes (id int, value bytea)');
    const session = await openSession(place, { binary: 'base64' });
    const bulk = await session.bulk(
      { table: 'bytes', columns: ['id', 'value'], mode: 'insert', key: [] },
      never,
    );

    const fault = await faultOf(
      bulk.write(
        [
          [1, 'QUJD'],
          [2, '***'],
        ],
        never,
      ),
    );
    await bulk.write([[3, 'QUJD']], never);

    expect(fault.code).toBe('sql.bad-value');
    expect(await place.query('SELECT id FROM bytes')).toEqual([{ id: 3 }]);
  });

  it.each([
    [{ table: 'nowhere' }, 'sql.no-table'],
    [{ table: 'nowhere.t' }, 'sql.no-table'],
    [{ columns: ['id', 'nam'] }, 'sql.no-column'],
  ])('names what is not there: %j', async (more, code) => {
    const session = await openSession(place);

    const fault = await faultOf(session.bulk(plan('insert', more), never));

    expect(fault).toMatchObject({ code, category: 'validation' });
  });

  it('makes a table once, with a key', async () => {
    const session = await openSession(place);
    const made = [
      { name: 'id', type: 'integer', nullable: false },
      { name: 'amount', type: 'number', nullable: true },
      { name: 'paid', type: 'boolean', nullable: true },
      { name: 'at', type: 'instant', nullable: true },
      { name: 'data', type: 'json', nullable: true },
      { name: 'no te', type: 'text', nullable: true },
    ] as const;

    await session.createTable('made', made, ['id'], never);
    await session.createTable('made', made, ['id'], never);
    const bulk = await session.bulk(
      { table: 'made', columns: made.map(({ name }) => name), mode: 'upsert', key: ['id'] },
      never,
    );
    await bulk.write([[2n ** 60n, 1.5, true, '2026-07-26T10:00:00Z', { a: 1 }, 'x']], never);

    const { records } = await session.rows(statement('SELECT * FROM made'), never);
    expect(records).toEqual([
      {
        id: 2n ** 60n,
        amount: 1.5,
        paid: true,
        at: '2026-07-26T10:00:00Z',
        data: '{"a": 1}',
        'no te': 'x',
      },
    ]);
  });
});
