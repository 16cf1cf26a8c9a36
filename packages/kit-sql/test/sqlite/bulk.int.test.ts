import type { Json } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import type { BulkPlan, Session } from '../../src/database.ts';
import { all, session, signal } from './place.ts';

const columns = ['id', 'name', 'price'];

async function shop(rows = ''): Promise<Session> {
  const db = await session();
  await db.command('CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price REAL)', signal);
  if (rows !== '') await db.command(`INSERT INTO items VALUES ${rows}`, signal);
  return db;
}

async function write(db: Session, plan: Partial<BulkPlan>, rows: Json[][]): Promise<void> {
  const bulk = await db.bulk({ table: 'items', columns, mode: 'insert', key: [], ...plan }, signal);
  await db.command('BEGIN', signal);
  await bulk.write(rows, signal);
  await db.command('COMMIT', signal);
}

const items = (db: Session) => all(db, 'SELECT * FROM items ORDER BY id');

describe('insert', () => {
  it.each([0, 1, 99, 100, 101, 1234])('writes %i rows', async (count) => {
    const db = await shop();

    await write(
      db,
      {},
      Array.from({ length: count }, (_, id) => [id, `item ${id}`, id / 2]),
    );

    const [found] = await all(
      db,
      'SELECT count(*) AS n, sum(id) AS ids, sum(price) AS prices FROM items',
    );
    const sum = count === 0 ? null : (count * (count - 1)) / 2;
    expect(found).toEqual({ n: count, ids: sum, prices: sum === null ? null : sum / 2 });
  });

  it('writes as wide a row as SQLite can hold', async () => {
    const db = await session();
    const names = Array.from({ length: 2000 }, (_, index) => `c${index}`);
    await db.command(`CREATE TABLE items (${names.join(', ')})`, signal);

    await write(db, { columns: names }, [names, names, names]);

    expect(await all(db, 'SELECT count(*) AS n, min(c1999) AS last FROM items')).toEqual([
      { n: 3, last: 'c1999' },
    ]);
  });

  it('leaves a missing value null, and columns that are not named at their default', async () => {
    const db = await shop();

    await write(db, { columns: ['name'] }, [[null], ['b']]);

    expect(await items(db)).toEqual([
      { id: 1, name: null, price: null },
      { id: 2, name: 'b', price: null },
    ]);
  });

  it('is undone as a whole by the caller after a fault', async () => {
    const db = await shop();
    const bulk = await db.bulk({ table: 'items', columns, mode: 'insert', key: [] }, signal);
    await db.command('BEGIN', signal);
    const rows = Array.from({ length: 150 }, (_, id) => [id === 140 ? 3 : id, '', 0]);

    await expect(bulk.write(rows, signal)).rejects.toMatchObject({ code: 'sql.unique' });
    await db.command('ROLLBACK', signal);

    expect(await items(db)).toEqual([]);
  });
});

describe('upsert', () => {
  it('replaces what has the key; of rows with the same key the last wins', async () => {
    const db = await shop("(1, 'old', 1), (2, 'kept', 2)");

    await write(db, { mode: 'upsert', key: ['id'] }, [
      [1, 'first', 10],
      [3, 'new', 30],
      [1, 'last', 11],
    ]);

    expect(await items(db)).toEqual([
      { id: 1, name: 'last', price: 11 },
      { id: 2, name: 'kept', price: 2 },
      { id: 3, name: 'new', price: 30 },
    ]);
  });

  it('leaves columns alone that are not named', async () => {
    const db = await shop("(1, 'old', 1)");

    await write(db, { mode: 'upsert', key: ['id'], columns: ['id', 'price'] }, [[1, 9]]);

    expect(await items(db)).toEqual([{ id: 1, name: 'old', price: 9 }]);
  });

  it('changes nothing where there is only a key', async () => {
    const db = await shop("(1, 'old', 1)");

    await write(db, { mode: 'upsert', key: ['id'], columns: ['id'] }, [[1], [2]]);

    expect(await items(db)).toEqual([
      { id: 1, name: 'old', price: 1 },
      { id: 2, name: null, price: null },
    ]);
  });

  it('takes a key of several columns', async () => {
    const db = await session();
    await db.command('CREATE TABLE items (a TEXT, b INTEGER, v TEXT, UNIQUE (a, b))', signal);
    const plan = { mode: 'upsert', key: ['a', 'b'], columns: ['a', 'b', 'v'] } as const;

    await write(db, plan, [
      ['x', 1, 'one'],
      ['x', 2, 'two'],
      ['x', 1, 'three'],
    ]);

    expect(await all(db, 'SELECT * FROM items ORDER BY b')).toEqual([
      { a: 'x', b: 1, v: 'three' },
      { a: 'x', b: 2, v: 'two' },
    ]);
  });

  it('needs a unique index', async () => {
    const db = await shop();

    await expect(
      db.bulk({ table: 'items', columns, mode: 'upsert', key: ['name'] }, signal),
    ).rejects.toMatchObject({ code: 'sql.no-unique-key', retry: false });
  });
});

describe('update and delete', () => {
  it('changes the rows that are there, in order', async () => {
    const db = await shop("(1, 'a', 1), (2, 'b', 2)");

    await write(db, { mode: 'update', key: ['id'], columns: ['name', 'id'] }, [
      ['first', 1],
      ['last', 1],
      ['nobody', 9],
    ]);

    expect(await items(db)).toEqual([
      { id: 1, name: 'last', price: 1 },
      { id: 2, name: 'b', price: 2 },
    ]);
  });

  it('deletes by the key alone', async () => {
    const db = await shop("(1, 'a', 1), (2, 'b', 2)");

    await write(db, { mode: 'delete', key: ['id'] }, [
      [1, 'whatever', null],
      [9, '', 0],
    ]);

    expect(await items(db)).toEqual([{ id: 2, name: 'b', price: 2 }]);
  });
});

describe('a plan', () => {
  it('names a table and columns that are there, in any case', async () => {
    const db = await shop();
    const bulk = (plan: Partial<BulkPlan>) =>
      db.bulk({ table: 'items', columns, mode: 'insert', key: [], ...plan }, signal);

    await expect(bulk({ table: 'nowhere' })).rejects.toMatchObject({
      code: 'sql.no-table',
      pointer: '/table',
    });
    await expect(bulk({ columns: ['id', 'colour'] })).rejects.toMatchObject({
      code: 'sql.no-column',
      message: 'The table `items` has no column `colour`.',
    });
    await expect(bulk({ table: 'main.ITEMS', columns: ['ID'] })).resolves.toBeDefined();
  });

  it('holds names, never SQL', async () => {
    const db = await session();
    await db.command('CREATE TABLE "a""; DROP TABLE x" ("b"" c" TEXT)', signal);

    await write(db, { table: 'a"; DROP TABLE x', columns: ['b" c'] }, [['ok']]);

    expect(await all(db, 'SELECT * FROM "a""; DROP TABLE x"')).toEqual([{ 'b" c': 'ok' }]);
  });
});

describe('a new table', () => {
  it('has a column of the right kind for each value', async () => {
    const db = await session();
    const made = [
      { name: 'id', type: 'integer', nullable: false },
      { name: 'name', type: 'text', nullable: true },
      { name: 'price', type: 'number', nullable: false },
      { name: 'sold', type: 'boolean', nullable: false },
      { name: 'at', type: 'instant', nullable: false },
      { name: 'tags', type: 'json', nullable: false },
    ] as const;
    await db.createTable('items', made, ['id'], signal);
    await db.createTable('items', made, ['id'], signal);

    const row = [2 ** 40, 'x', 1.5, true, '2026-07-26T10:00:00.5Z', ['a']];
    await write(db, { columns: made.map(({ name }) => name) }, [row]);

    expect(await items(db)).toEqual([
      {
        id: 2 ** 40,
        name: 'x',
        price: 1.5,
        sold: true,
        at: '2026-07-26T10:00:00.5Z',
        tags: '["a"]',
      },
    ]);
    await expect(write(db, { columns: ['id'] }, [[2 ** 40]])).rejects.toMatchObject({
      code: 'sql.unique',
    });
  });

  it('may have a key of several columns, or none', async () => {
    const db = await session();
    const column = (name: string) => ({ name, type: 'text', nullable: false }) as const;
    await db.createTable('two', [column('a'), column('b')], ['a', 'b'], signal);
    await db.createTable('none', [column('a')], [], signal);

    await write(db, { table: 'two', columns: ['a', 'b'], mode: 'upsert', key: ['a', 'b'] }, [
      ['x', 'y'],
      ['x', 'y'],
    ]);
    await write(db, { table: 'none', columns: ['a'] }, [['x'], ['x']]);

    expect(
      await all(
        db,
        'SELECT (SELECT count(*) FROM two) AS two, (SELECT count(*) FROM none) AS none',
      ),
    ).toEqual([{ two: 1, none: 2 }]);
  });
});
