import type { JsonRecord } from '@cannectors/core';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, describe, expect, it } from 'vitest';
import { codes, filterFor } from './asking.ts';

describeDatabase('sqlite', lookups);
describeDatabase('postgres', lookups);
describeDatabase('mysql', lookups);

/** `(a, b) IN …` with one key. */
const pair = { sqlite: '(VALUES ($1, $2))', postgres: '(($1, $2))', mysql: '(($1, $2))' } as const;

function lookups(place: DatabasePlace): void {
  const { driver, connectionString, query } = place;
  const base = { connectionString, mergeStrategy: 'append', resultKey: 'found' };
  const things = {
    ...base,
    query: 'SELECT id, name FROM things WHERE id IN ($1)',
    parameters: ['record.id'],
    lookup: { key: ['id'] },
  };
  const large = 9_007_199_254_740_993n;

  beforeAll(async () => {
    const rows = Array.from({ length: 2500 }, (_, id) => `(${id}, 'thing ${id}')`);
    await query(
      'CREATE TABLE things (id bigint PRIMARY KEY, name varchar(80))',
      `INSERT INTO things VALUES ${rows.join(', ')}, (${large}, 'large'), (${large - 1n}, 'less')`,
      'CREATE TABLE prices (sku varchar(20), country varchar(2), since date, price decimal(8, 2))',
      `INSERT INTO prices VALUES ('a', 'DE', '2026-01-01', 1.50), ('a', 'DE', '2026-02-01', 2.25),
         ('a', 'FR', '2026-01-01', 3.00), ('b', 'DE', '2026-01-01', 4.10), ('A', 'DE', '2026-01-01', 9)`,
    );
  });

  it('gives each of many records its own row', async () => {
    const { ask } = await filterFor(things);
    const ids = Array.from({ length: 6000 }, (_, index) => (index * 7919) % 3000);

    const given = await ask(ids.map((id) => ({ id })));

    expect(given).toEqual(
      ids.map((id) => ({ id, found: id < 2500 ? { id, name: `thing ${id}` } : {} })),
    );
  });

  it('asks the same as one by one', async () => {
    const many = await filterFor(things);
    const one = await filterFor({ ...base, query: things.query, parameters: things.parameters });
    const records: JsonRecord[] = [
      { id: 5 },
      { id: '5' },
      { id: '05' },
      { id: 5.5 },
      { id: null },
      {},
      { id: large },
      { id: large - 1n },
      { id: Number(large) },
      { id: -1 },
      { id: true },
      { id: 1 },
      { id: "1' OR '1'='1" },
      { id: '$1' },
      { id: [5] },
      { id: 10n ** 30n },
    ];

    const together = await many.ask(records);

    const alone = await one.ask(records);
    expect(together).toEqual(alone);
    expect(together[0]).toEqual({ id: 5, found: { id: 5, name: 'thing 5' } });
    expect(together[6]).toMatchObject({ found: { id: large, name: 'large' } });
    expect(together[7]).toMatchObject({ found: { name: 'less' } });
  });

  it('takes the first row of a key, in the order of the query', async () => {
    const config = {
      ...base,
      query: `SELECT sku, country, price FROM prices WHERE (sku, country) IN ${pair[driver]}
              ORDER BY since DESC`,
      parameters: ['record.sku', 'record.country'],
      lookup: { key: ['sku', 'country'] },
    };
    const { ask } = await filterFor(config);
    const single = await filterFor({ ...config, lookup: { ...config.lookup, batchSize: 1 } });
    const records = [
      { sku: 'a', country: 'DE' },
      { sku: 'a', country: 'FR' },
      { sku: 'b', country: 'DE' },
      { sku: 'b', country: 'FR' },
      { sku: 'b', country: null },
    ];

    const given = await ask(records);

    const price = driver === 'sqlite' ? [2.25, 3, 4.1] : ['2.25', '3.00', '4.10'];
    expect(given.map(({ found }) => (found as JsonRecord)['price'])).toEqual([
      ...price,
      undefined,
      undefined,
    ]);
    expect(await single.ask(records)).toEqual(given);
  });

  it('asks those together that agree in the other values', async () => {
    const { ask } = await filterFor({
      ...base,
      query: 'SELECT sku, price FROM prices WHERE country = $1 AND sku IN ($2) AND since < $3',
      parameters: ['record.country', 'record.sku', '"2026-01-15"'],
      lookup: { key: ['sku'] },
    });

    const given = await ask([
      { sku: 'a', country: 'DE' },
      { sku: 'a', country: 'FR' },
      { sku: 'b', country: 'DE' },
      { sku: 'b', country: null },
    ]);

    const price = driver === 'sqlite' ? [1.5, 3, 4.1] : ['1.50', '3.00', '4.10'];
    expect(given.map(({ found }) => (found as JsonRecord)['price'])).toEqual([...price, undefined]);
  });

  describe('keys that only the database finds equal', () => {
    const prices = {
      ...base,
      query: 'SELECT price, sku FROM prices WHERE price IN ($1) AND since < $2',
      parameters: ['record.price', '"2026-01-15"'],
      lookup: { key: ['price'] },
    };

    it('are asked for one by one, and said so once', async () => {
      const { ask, context } = await filterFor(prices);

      const given = await ask([{ price: 1.5 }, { price: 3 }, { price: 7 }, { price: 4.1 }]);
      await ask([{ price: 1.5 }, { price: 3 }]);

      const skus = given.map(({ found }) => (found as JsonRecord)['sku']);
      expect(skus).toEqual(['a', 'a', undefined, 'b']);
      const warnings = context.lines.filter(({ level }) => level === 'warn');
      // SQLite has numbers, the others a text with two places.
      expect(warnings).toHaveLength(driver === 'sqlite' ? 0 : 1);
    });

    it('never hide each other', async () => {
      const config = {
        ...base,
        query: 'SELECT sku, country FROM prices WHERE sku IN ($1) AND country = $2',
        parameters: ['record.sku', '"FR"'],
        lookup: { key: ['sku'] },
      };
      const { ask } = await filterFor(config);
      const one = await filterFor({ ...config, lookup: { ...config.lookup, batchSize: 1 } });
      const records = [{ sku: 'a' }, { sku: 'A' }, { sku: 'Á' }, { sku: 'a ' }, { sku: 'b' }];

      const given = await ask(records);

      expect(given).toEqual(await one.ask(records));
      const isFound = given.map(({ found }) => 'sku' in (found as JsonRecord));
      // The collations of MariaDB take neither case nor accents nor blanks at the end to be different.
      const all = driver === 'mysql';
      expect(isFound).toEqual([true, all, all, all, false]);
    });
  });

  it('works with several statements that a template makes', async () => {
    const { ask } = await filterFor({
      ...base,
      query: `SELECT id, name FROM things WHERE
        {% if record.by == "id" %} id IN ($1) {% else %} id IN (CAST($2 AS decimal)) {% endif %}`,
      parameters: ['record.value', 'record.text'],
      lookup: { key: ['id'] },
    });

    const given = await ask([
      { by: 'id', value: 3 },
      { by: 'text', text: '4' },
      { by: 'id', value: 5 },
    ]);

    expect(given.map(({ found }) => (found as JsonRecord)['name'])).toEqual([
      'thing 3',
      'thing 4',
      'thing 5',
    ]);
  });

  it('gives every record the fault of a query without the key', async () => {
    const { ask } = await filterFor({
      ...things,
      query: 'SELECT name FROM things WHERE id IN ($1)',
    });

    const given = await ask([{ id: 1 }, { id: 2 }]);

    expect(codes(given)).toEqual(['sql-call.no-key-column', 'sql-call.no-key-column']);
  });

  it('asks nothing for no records', async () => {
    const { ask } = await filterFor(things);

    expect(await ask([])).toEqual([]);
  });

  if (driver !== 'postgres') return;

  it('makes one query for many records, and one more for those without a row', async () => {
    await query('CREATE SEQUENCE asked');
    const { ask } = await filterFor({
      ...things,
      query: `SELECT id, name, n FROM things, (SELECT nextval('asked') AS n OFFSET 0) AS once
              WHERE id IN ($1)`,
    });
    const upTo = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

    const found = await ask(upTo(2000));
    const some = await ask([...upTo(10), { id: -1 }, { id: -2 }, { id: -1 }]);

    expect(new Set(found.map(({ found: row }) => (row as JsonRecord)['n'])).size).toBe(4);
    expect(new Set(some.map(({ found: row }) => (row as JsonRecord)['n']))).toEqual(
      new Set([5, undefined]),
    );
    expect(await query('SELECT last_value FROM asked')).toEqual([{ last_value: '6' }]);
  });

  // The others look for any value in any column.
  it('finds the one value that does not fit', async () => {
    const { ask } = await filterFor(things);

    const given = await ask([{ id: 1 }, { id: 'one' }, { id: '2' }, { id: '3' }, { id: 4 }]);

    expect(codes(given)).toEqual(['ok', 'sql.bad-value', 'ok', 'ok', 'ok']);
    expect(given[3]).toEqual({ id: '3', found: { id: 3, name: 'thing 3' } });
  });
}
