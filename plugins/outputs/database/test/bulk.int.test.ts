import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it } from 'vitest';
import { facts, writing } from './writing.ts';

describeDatabase('sqlite', bulk);
describeDatabase('postgres', bulk);
describeDatabase('mysql', bulk);

function bulk(place: DatabasePlace): void {
  const opened = (config: JsonRecord) =>
    writing({ connectionString: place.connectionString, ...config });
  /** A fresh table `stock`, with these rows. */
  const stock = (...rows: string[]) =>
    place.query(
      'DROP TABLE IF EXISTS stock',
      'CREATE TABLE stock (site varchar(20), sku varchar(20), amount integer CHECK (amount < 1000), note varchar(100), PRIMARY KEY (site, sku))',
      ...rows.map((row) => `INSERT INTO stock VALUES (${row})`),
    );
  const inStock = async (): Promise<unknown[][]> => {
    const rows = await place.query('SELECT * FROM stock ORDER BY site, sku');
    return rows.map((row) => Object.values(row));
  };
  const key = ['site', 'sku'];

  describe('modes', () => {
    it('insert makes rows, in columns that follow from the first record', async () => {
      await stock();
      const { write } = await opened({ table: 'stock' });

      await write([
        { sku: 'A', site: 'x', amount: 1, _metadata: { page: 1 } },
        { site: 'x', sku: 'B' },
      ]);
      const result = await write([{ site: 'x', sku: 'C', note: 'new' }], 'skip');

      expect(facts(result)).toMatchObject({ rejected: [[0, 'database.unknown-column']] });
      expect(await inStock()).toStrictEqual([
        ['x', 'A', 1, null],
        ['x', 'B', null, null],
      ]);
    });

    it('upsert makes or replaces rows; of two with one key the last wins', async () => {
      await stock("'x', 'A', 1, 'old'", "'x', 'B', 2, 'old'");
      const { write } = await opened({ table: 'stock', mode: 'upsert', key });

      await write([
        { site: 'x', sku: 'A', amount: 10 },
        { site: 'y', sku: 'A', amount: 20 },
        { site: 'x', sku: 'A', amount: 11 },
      ]);

      expect(await inStock()).toStrictEqual([
        ['x', 'A', 11, 'old'],
        ['x', 'B', 2, 'old'],
        ['y', 'A', 20, null],
      ]);
    });

    it('update changes rows that are there, and makes none', async () => {
      await stock("'x', 'A', 1, 'old'", "'x', 'B', 2, 'old'");
      const columns = { site: 'place.site', sku: 'sku', amount: 'amount' };
      const { write } = await opened({ table: 'stock', mode: 'update', key, columns });

      const result = await write([
        { place: { site: 'x' }, sku: 'B', amount: null, more: 1 },
        { place: { site: 'x' }, sku: 'C', amount: 3 },
      ]);

      expect(facts(result)).toStrictEqual({ rejected: [], unsent: [] });
      expect(await inStock()).toStrictEqual([
        ['x', 'A', 1, 'old'],
        ['x', 'B', null, 'old'],
      ]);
    });

    it('delete needs the key only', async () => {
      await stock("'x', 'A', 1, 'old'", "'x', 'B', 2, 'old'", "'y', 'A', 3, 'old'");
      const { write } = await opened({ table: 'stock', mode: 'delete', key });

      await write([
        { sku: 'A', site: 'x', why: 'sold out' },
        { sku: 'Z', site: 'x' },
      ]);

      expect(await inStock()).toStrictEqual([
        ['x', 'B', 2, 'old'],
        ['y', 'A', 3, 'old'],
      ]);
    });
  });

  describe('bad records', () => {
    it('are found one by one among good ones, wherever they are', async () => {
      await stock("'x', '7', 0, 'first'");
      const { write, said } = await opened({ table: 'stock' });
      const bad = new Map([
        [0, { amount: 1000 }],
        [7, {}],
        [8, { amount: 5000 }],
        [500, { sku: 'x'.repeat(21) }],
        [999, { amount: 'many' }],
      ]);
      const records = Array.from({ length: 1000 }, (_, index) => ({
        site: 'x',
        sku: String(index),
        amount: index % 100,
        ...bad.get(index),
      }));
      // SQLite takes a text of any length.
      const isStrict = place.driver !== 'sqlite';
      const refused = [...bad.keys()].filter((index) => isStrict || index !== 500);

      const result = await write(records, 'skip');

      expect(result?.rejected?.map(({ index }) => index)).toStrictEqual(refused);
      expect(said('warn').map(({ fields }) => fields)).toMatchObject(
        refused.map((record_index) => ({ record_index })),
      );
      expect(await inStock()).toHaveLength(1001 - refused.length);
      expect(await place.query("SELECT note FROM stock WHERE sku = '7'")).toStrictEqual([
        { note: 'first' },
      ]);
    });

    it('all of them leave an empty table', async () => {
      await stock();
      const { write } = await opened({ table: 'stock', mode: 'upsert', key });
      const records = Array.from({ length: 20 }, (_, sku) => ({
        site: 'x',
        sku: String(sku),
        amount: 1000,
      }));

      const result = await write(records, 'log');

      expect(result?.rejected?.map(({ fault }) => fault.code)).toStrictEqual(
        records.map(() => 'sql.check'),
      );
      expect(await inStock()).toStrictEqual([]);
    });

    it('without their key are told, and the others are written', async () => {
      await stock();
      const { write, said } = await opened({ table: 'stock', mode: 'upsert', key });

      const result = await write(
        [
          { sku: 'A', amount: 1 },
          { site: 'x', sku: 'B', amount: 2 },
          { site: null, sku: 'C', amount: 3 },
        ],
        'skip',
      );

      expect(facts(result)).toStrictEqual({
        rejected: [
          [0, 'database.no-key'],
          [2, 'database.no-key'],
        ],
        unsent: [],
      });
      expect(await inStock()).toStrictEqual([['x', 'B', 2, null]]);
      expect(said('warn')).toMatchObject([
        {
          message: 'skipping record due to query build error',
          fields: { record_index: 0, error: 'The record has no value for the key `site`.' },
        },
        { fields: { record_index: 2 } },
      ]);
    });

    it('that are empty name no columns', async () => {
      await stock();
      const { write } = await opened({ table: 'stock' });

      expect(facts(await write([{}], 'skip'))).toStrictEqual({
        rejected: [[0, 'database.no-columns']],
        unsent: [],
      });
    });
  });

  it.each([
    "'); DROP TABLE stock; --",
    '{{ record.id }} $1 ? \\ " ` \u0000'.replace('\u0000', ''),
    '\n\t\r\\N',
  ])('data stays data: %j', async (text) => {
    await stock();
    const { write } = await opened({ table: 'stock' });

    await write([{ site: 'x', sku: 'A', note: text }]);

    expect(await place.query('SELECT note FROM stock')).toStrictEqual([{ note: text }]);
  });

  it('names are quoted, whatever they are', async () => {
    await place.query('DROP TABLE IF EXISTS stock');
    const { write } = await opened({ table: 'stock', createTable: true });
    const name = 'select "x`; --';

    await write([{ [name]: 'y' }]);

    expect(await place.query('SELECT * FROM stock')).toStrictEqual([{ [name]: 'y' }]);
  });

  it.each([
    ['text', 'é', 'c3a9', undefined],
    ['base64', 'AP8=', '00ff', undefined],
    ['base64', 'no base64!', undefined, 'sql.bad-value'],
  ])('bytes are written from %s: %j', async (binary, value, stored, refused) => {
    const hex = { postgres: "encode(body, 'hex')", mysql: 'hex(body)', sqlite: 'hex(body)' };
    const type = { postgres: 'bytea', mysql: 'varbinary(100)', sqlite: 'BLOB' };
    await place.query(
      'DROP TABLE IF EXISTS files',
      `CREATE TABLE files (name varchar(20), body ${type[place.driver]})`,
    );
    const { write } = await opened({ table: 'files', binary });

    const result = await write([{ name: value, body: value }], 'skip');

    const rows = await place.query(`SELECT lower(${hex[place.driver]}) AS body FROM files`);
    expect(rows.map(({ body }) => body)).toStrictEqual(stored === undefined ? [] : [stored]);
    expect(result?.rejected?.[0]?.fault.code).toBe(refused);
  });

  it('a table may have a schema', async () => {
    await stock();
    const [{ name } = {}] =
      place.driver === 'sqlite'
        ? [{ name: 'main' }]
        : await place.query(
            `SELECT ${place.driver === 'mysql' ? 'database()' : 'current_schema()'} AS name`,
          );
    const { write } = await opened({ table: `${String(name)}.stock`, mode: 'upsert', key });

    await write([{ site: 'x', sku: 'A' }]);

    expect(await inStock()).toStrictEqual([['x', 'A', null, null]]);
  });

  describe('a table that is missing', () => {
    it('is told', async () => {
      const { write } = await opened({ table: 'nowhere' });

      expect(facts(await write([{ id: 1 }], 'skip'))).toMatchObject({ failure: 'sql.no-table' });
    });

    it('is made from the shape of the first batch, and takes later ones', async () => {
      await place.query('DROP TABLE IF EXISTS made');
      const { write } = await opened({ table: 'made', createTable: true, key: ['id'] });

      await write([
        {
          id: 9007199254740993n,
          ratio: 1,
          isNew: true,
          at: null,
          tags: ['a'],
          text: 'x',
          empty: null,
        },
        {
          id: 2,
          ratio: 0.5,
          isNew: false,
          at: '2026-01-02T03:04:05.123456Z',
          tags: {},
          text: '1',
          empty: null,
        },
      ]);
      await write([{ id: 3, text: null }]);

      const rows = await place.query(
        'SELECT CAST(id AS CHAR(20)) AS id, ratio, text, empty FROM made ORDER BY made.id',
      );
      expect(rows.map((row) => ({ ...row, id: String(row['id']).trim() }))).toStrictEqual([
        { id: '2', ratio: 0.5, text: '1', empty: null },
        { id: '3', ratio: null, text: null, empty: null },
        { id: '9007199254740993', ratio: 1, text: 'x', empty: null },
      ]);
      await expect(place.query('INSERT INTO made (id) VALUES (3)')).rejects.toThrow(
        /unique|duplicate/i,
      );
    });

    it('is made once by batches that come at the same time, with the columns of the first', async () => {
      await place.query('DROP TABLE IF EXISTS made');
      const { write, output } = await opened({ table: 'made', createTable: true });

      const results = await Promise.all([
        write([{ id: 1, name: 'a' }], 'skip'),
        write([{ name: 'b', id: 2 }], 'skip'),
        write([{ id: 3, more: 1 }], 'skip'),
        write([{ id: 4 }], 'skip'),
      ]);

      expect(output.concurrent).toBe('batches');
      expect(results.map((result) => facts(result).rejected)).toStrictEqual([
        [],
        [],
        [[0, 'database.unknown-column']],
        [],
      ]);
      const rows = await place.query(
        'SELECT CAST(id AS CHAR(1)) AS id, name FROM made ORDER BY id',
      );
      expect(rows).toStrictEqual([
        { id: '1', name: 'a' },
        { id: '2', name: 'b' },
        { id: '4', name: null },
      ]);
    });

    it('is left as it is when it is there', async () => {
      await stock("'x', 'A', 1, 'old'");
      const { write } = await opened({ table: 'stock', createTable: true });

      await write([{ site: 'x', sku: 'B', amount: 2 }]);

      expect(await inStock()).toHaveLength(2);
    });
  });
}
