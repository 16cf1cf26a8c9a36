import type { Json } from '@cannectors/core';
import { integersOf } from '@cannectors/kit-record';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlValue } from '../../src/database.ts';
import { all, session, signal, sql } from './place.ts';

const max = 2n ** 63n - 1n;

/** Writes a value through a parameter and through the bulk way, and reads both. */
async function roundTrip(type: string, value: SqlValue, options = {}): Promise<Json[]> {
  const db = await session(options);
  await db.command(`CREATE TABLE t (v ${type})`, signal);
  await db.run([sql('INSERT INTO t VALUES (?)', value)], 'stop', signal);
  const plan = { table: 't', columns: ['v'], mode: 'insert', key: [] } as const;
  await (await db.bulk(plan, signal)).write([[value]], signal);
  const rows = await all(db, 'SELECT v FROM t ORDER BY rowid');
  return rows.map(({ v }) => v as Json);
}

describe('a value comes back as it was', () => {
  it.each<[string, string, SqlValue]>([
    ['null', 'INTEGER', null],
    ['an integer', 'INTEGER', 42],
    ['the largest integer', 'INTEGER', max],
    ['the smallest integer', 'INTEGER', -(2n ** 63n)],
    ['an integer just beyond 2^53', 'BIGINT', 2n ** 53n + 1n],
    ['a double', 'REAL', 0.1],
    ['a double that is whole', 'REAL', 5],
    ['a double in a decimal column', 'DECIMAL(10, 2)', 12.5],
    ['text', 'TEXT', "O'Neil; DROP TABLE t; --"],
    ['unicode', 'TEXT', '日本 👩‍👩‍👧 é\u0000z'],
    ['an empty text', 'TEXT', ''],
    ['true', 'BOOLEAN', true],
    ['false', 'BOOLEAN', false],
    ['JSON', 'JSON', '{"a":[1,12345678901234567890]}'],
    ['a UUID', 'UUID', '9f1b8e5c-3a55-4c36-9d8b-0b8f0b4c8a11'],
    ['an instant', 'TIMESTAMP', '2026-07-26T10:00:00.123456+02:00'],
    ['any integer', '', 7],
    ['any text', '', '7'],
  ])('%s in %s', async (_, type, value) => {
    expect(await roundTrip(type, value)).toEqual([value, value]);
  });

  it.each<[string, 'text' | 'base64', string]>([
    ['as text', 'text', 'héllo'],
    ['as base64', 'base64', Buffer.from([0, 255, 128, 10]).toString('base64')],
  ])('bytes %s', async (_, binary, value) => {
    const [, bulk] = await roundTrip('BLOB', value, { binary });

    expect(bulk).toBe(value);
  });
});

it('any value comes back as it was, from a column of its type and from one without', async () => {
  const db = await session();
  await db.command('CREATE TABLE t (n INTEGER, r REAL, s TEXT, j TEXT, b BOOLEAN, x)', signal);
  const columns = ['n', 'r', 's', 'j', 'b', 'x'];
  const bulk = await db.bulk({ table: 't', columns, mode: 'insert', key: [] }, signal);
  const integer = fc
    .bigInt({ min: -(2n ** 63n), max })
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const text = fc.string({ unit: 'binary' });
  const row = fc.tuple(
    fc.option(integer),
    fc.option(double),
    fc.option(text),
    fc.option(fc.json()),
    fc.option(fc.boolean()),
    fc.oneof(integer, text, fc.constant(null)),
  );

  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 120 }), async (rows) => {
      await db.command('BEGIN', signal);
      await bulk.write(rows, signal);
      const insert = rows.map((values) =>
        sql('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)', ...values),
      );
      await db.run(insert, 'stop', signal);

      const found = await all(db, 'SELECT * FROM t ORDER BY rowid');
      await db.command('ROLLBACK', signal);

      const written = rows.map((values) => values.map((value) => (value === 0 ? 0 : value)));
      expect(found.map((record) => Object.values(record))).toEqual([...written, ...written]);
    }),
    { numRuns: 40 },
  );
});

describe('where a column has a type of its own', () => {
  it('whole numbers are no `5.0` in texts', async () => {
    expect(await roundTrip('TEXT', 5)).toEqual(['5', '5']);
  });

  it('numbers in texts are written as people do, in bulk', async () => {
    const [, bulk] = await roundTrip('TEXT', 1.5e-7);

    expect(bulk).toBe('0.00000015');
  });

  it('integers of texts beyond 64 bits keep every digit, in bulk', async () => {
    const db = await session();
    await db.command('CREATE TABLE t (v TEXT, n INTEGER)', signal);
    const write = async (columns: string[]): Promise<void> => {
      const bulk = await db.bulk({ table: 't', columns, mode: 'insert', key: [] }, signal);
      await bulk.write([[2n ** 70n]], signal);
    };
    await write(['v']);

    expect(await all(db, 'SELECT v FROM t')).toEqual([{ v: '1180591620717411303424' }]);
    await expect(write(['n'])).rejects.toMatchObject({ code: 'sql.bad-value', retry: false });
  });

  it('text in a date column is read as RFC 3339, and everything else there is left alone', async () => {
    const db = await session();
    await db.command(
      'CREATE TABLE t (d DATE, i DATETIME, n TIMESTAMP, x DATETIME, p TEXT)',
      signal,
    );
    await db.command(
      `INSERT INTO t VALUES ('2026-07-26', '2026-07-26 10:00:00.123456789', 1785060000, 'soon', '2026-07-26 10:00:00'),
       (null, '2026-07-26 10:00+02:00', null, null, null)`,
      signal,
    );

    const block = await db.rows(sql('SELECT * FROM t'), signal);

    expect(block.instants).toEqual(['d', 'i', 'n', 'x']);
    expect(block.records).toEqual([
      {
        d: '2026-07-26T00:00:00Z',
        i: '2026-07-26T10:00:00.123456789Z',
        n: 1785060000,
        x: 'soon',
        p: '2026-07-26 10:00:00',
      },
      { d: null, i: '2026-07-26T10:00:00+02:00', n: null, x: null, p: null },
    ]);
  });

  it.each<['exact' | 'string' | 'number', Json]>([
    ['exact', max],
    ['string', String(max)],
    ['number', Number(max)],
  ])('`int64: %s` decides about integers beyond 2^53 alone', async (int64, value) => {
    const db = await session({ int64 });

    expect(await all(db, `SELECT ${max} AS big, 5 AS small`)).toEqual([{ big: value, small: 5 }]);
  });

  it('a boolean column with another number keeps it', async () => {
    const db = await session();
    await db.command('CREATE TABLE t (b BOOLEAN)', signal);
    await db.command("INSERT INTO t VALUES (1), (0), (2), ('yes')", signal);

    const rows = await all(db, 'SELECT b FROM t');

    expect(rows.map(({ b }) => b)).toEqual([true, false, 2, 'yes']);
  });

  it('integer columns are integers for `%` in expressions', async () => {
    const db = await session();
    await db.command('CREATE TABLE t (id INTEGER, price REAL)', signal);
    await db.command('INSERT INTO t VALUES (1, 2)', signal);

    const [row] = await all(db, 'SELECT * FROM t');

    expect([...(integersOf(row ?? {}) ?? [])]).toEqual(['id']);
  });

  it('integers without a declared type are integers too, row by row', async () => {
    const db = await session();
    const text = `SELECT 1 AS id, 2.5 AS v, COUNT(*) AS n UNION ALL SELECT 2, 3, 4 UNION ALL SELECT 3, 'x', 5`;

    const rows = await all(db, text);

    const found = rows.map((row) => [...(integersOf(row) ?? [])]);
    expect(found).toEqual([
      ['id', 'n'],
      ['id', 'v', 'n'],
      ['id', 'n'],
    ]);
  });

  it('objects and lists are written as JSON, booleans of texts as words', async () => {
    const db = await session();
    await db.command('CREATE TABLE t (j TEXT, b TEXT, n)', signal);
    const bulk = await db.bulk(
      { table: 't', columns: ['j', 'b', 'n'], mode: 'insert', key: [] },
      signal,
    );
    await bulk.write([[{ a: [1, 2n ** 60n] }, true, [1]]], signal);

    expect(await all(db, 'SELECT * FROM t')).toEqual([
      { j: '{"a":[1,1152921504606846976]}', b: 'true', n: '[1]' },
    ]);
  });

  it('text that is no base64 is refused where bytes are wanted', async () => {
    const db = await session({ binary: 'base64' });
    await db.command('CREATE TABLE t (v BLOB)', signal);
    const bulk = await db.bulk({ table: 't', columns: ['v'], mode: 'insert', key: [] }, signal);

    await expect(bulk.write([['not base64!']], signal)).rejects.toMatchObject({
      category: 'validation',
    });
  });
});

describe('column names', () => {
  it('may be any text: of two with one name the last wins', async () => {
    const db = await session();

    const rows = await all(db, `SELECT 1 AS a, 2 AS "a", 3 AS "__proto__", 4 AS ""`);

    expect(rows).toHaveLength(1);
    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['a', 2],
      ['__proto__', 3],
      ['', 4],
    ]);
    expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
  });
});
