import type { Json } from '@cannectors/core';
import { integersOf } from '@cannectors/kit-record';
import { describeDatabase } from '@cannectors/testkit/databases';
import { describe, expect, it } from 'vitest';
import type { DriverSettings } from '../../src/drivers/driver.ts';
import { codeOf, never, session } from './open.ts';

/** What is written in the bulk form, and read again: as text, and as a prepared statement. */
const loops: readonly [type: string, written: Json, read?: Json][] = [
  ['TINYINT', -128],
  ['TINYINT UNSIGNED', 255],
  ['SMALLINT', -32_768],
  ['MEDIUMINT', 8_388_607],
  ['INT UNSIGNED', 4_294_967_295],
  ['BIGINT', -9_223_372_036_854_775_808n],
  ['BIGINT', 9_007_199_254_740_991],
  ['BIGINT', 9_007_199_254_740_993n],
  ['BIGINT', -9_007_199_254_740_993n],
  ['BIGINT', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['BIGINT UNSIGNED', 18_446_744_073_709_551_615n],
  ['BIGINT', 1e15],
  ['BOOLEAN', true, 1],
  ['BOOLEAN', false, 0],
  ['BIT(1)', true, 1],
  ['BIT(9)', 257],
  ['BIT(64)', 18_446_744_073_709_551_615n],
  ['BIT(8)', '5', 5],
  ['FLOAT', 0.1],
  ['FLOAT', 16_777_216],
  ['FLOAT', -3.4e38],
  ['DOUBLE', 0.1],
  ['DOUBLE', 1.797_693_134_862_315_7e308],
  ['DOUBLE', 5e-324],
  ['DECIMAL(40,10)', '123456789012345678901234567890.0123456789'],
  ['DECIMAL(12,2)', 0.1, '0.10'],
  ['DECIMAL(40,20)', 0.1, '0.10000000000000000000'],
  ['DECIMAL(40,20)', 0.30000000000000004, '0.30000000000000004000'],
  ['DECIMAL(12,2)', true, '1.00'],
  ['DECIMAL(30,0)', 123_456_789_012_345_678_901_234_567_890n, '123456789012345678901234567890'],
  ['YEAR', 2026],
  ['DATE', '2026-07-26'],
  ['DATE', '2026-07-26T00:00:00Z', '2026-07-26'],
  ['TIME(3)', '-838:59:59.120'],
  ['TIME(3)', '10:00:00.000'],
  ['DATETIME', '2026-07-26 10:00:00'],
  ['DATETIME(6)', '2026-07-26 10:00:00.123456'],
  ['DATETIME(6)', '2026-07-26 10:00:00.000000'],
  ['DATETIME(3)', '2026-07-26 10:00:00.120'],
  ['DATETIME(6)', '2026-07-26T10:00:00.123456Z', '2026-07-26 10:00:00.123456'],
  ['DATETIME(6)', '2026-07-26T01:00:00.5+02:00', '2026-07-25 23:00:00.500000'],
  ['TIMESTAMP(6) NULL', '2026-07-26T10:00:00.123456-05:30', '2026-07-26 15:30:00.123456'],
  ['CHAR(4)', 'ab'],
  ['VARCHAR(20)', 'O\'Neil \\ "x" \u0000 \n %_'],
  ['VARCHAR(20)', 'Zürich 東京 🫖'],
  ['VARCHAR(20)', 12, '12'],
  ['VARCHAR(40)', 9_007_199_254_740_993n, '9007199254740993'],
  ['VARCHAR(20)', true, 'true'],
  ['VARCHAR(40)', { a: [1, null] }, '{"a":[1,null]}'],
  ['VARCHAR(60)', '2026-07-26T10:00:00Z'],
  ['LONGTEXT', 'x'.repeat(70_000)],
  ['TEXT', ''],
  ["ENUM('a','b')", 'b'],
  ["SET('a','b')", 'a,b'],
  ["ENUM('2','1','it''s')", 1, '1'],
  ["SET('2','1')", '2,1'],
  ['JSON', { n: 9_007_199_254_740_993n, t: 'é' }, '{"n":9007199254740993,"t":"é"}'],
  ['JSON', '[1,2]'],
  ['VARBINARY(10)', 'é'],
  ['BLOB', 'bytes'],
  ['UUID', '123e4567-e89b-12d3-a456-426614174000'],
  ['INET6', '2001:db8::ff00:42:8329'],
];

describeDatabase('mysql', (place) => {
  describe('types', () => {
    it.each(loops)('%s holds %o', async (type, written, read = written) => {
      expect(await looped(type, written)).toEqual([read, read, null]);
    });

    it.each(['VARBINARY(300)', 'LONGBLOB'])('%s holds every byte as base64', async (type) => {
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');

      expect(await looped(type, every, { binary: 'base64' })).toEqual([every, every, null]);
    });

    it('gives RFC 3339 with all digits under parseTime=true', async () => {
      const open = await session(withParseTime(place.connectionString));
      const text = `SELECT CAST('2026-07-26' AS DATE) AS day, CAST('2026-07-26 10:00:00' AS DATETIME) AS whole,
        CAST('2026-07-26 10:00:00.120000' AS DATETIME(6)) AS part, CAST(NULL AS DATETIME) AS nothing,
        CAST('10:00:00' AS TIME) AS clock`;
      const expected = {
        records: [
          {
            day: '2026-07-26T00:00:00Z',
            whole: '2026-07-26T10:00:00Z',
            part: '2026-07-26T10:00:00.12Z',
            nothing: null,
            clock: '10:00:00',
          },
        ],
        instants: ['day', 'whole', 'part', 'nothing'],
      };

      expect(await open.rows({ text, values: [] }, never)).toEqual(expected);
      expect(await open.rows({ text: `${text} WHERE 1 = ?`, values: [1] }, never)).toEqual(
        expected,
      );
    });

    it('leaves dates that are none as they are', async () => {
      const open = await session(withParseTime(place.connectionString));
      await open.command("SET SESSION sql_mode = ''", never);
      await open.command('CREATE TABLE zero (d DATE, t DATETIME)', never);
      await open.command("INSERT INTO zero VALUES ('0000-00-00', '0000-00-00 00:00:00')", never);

      const { records } = await open.rows({ text: 'SELECT * FROM zero', values: [] }, never);

      expect(records).toEqual([{ d: '0000-00-00', t: '0000-00-00 00:00:00' }]);
    });

    it('reads a TIMESTAMP in UTC, wherever the server is', async () => {
      const open = await session(withParseTime(place.connectionString));

      const { records } = await open.rows(
        { text: 'SELECT FROM_UNIXTIME(0) AS epoch', values: [] },
        never,
      );

      expect(records).toEqual([{ epoch: '1970-01-01T00:00:00Z' }]);
    });

    it.each([
      ['string', '9007199254740993'],
      ['number', 9_007_199_254_740_992],
      ['exact', 9_007_199_254_740_993n],
    ] as const)('gives large integers as int64: %s', async (int64, expected) => {
      const open = await session(place.connectionString, { int64 });

      const { records } = await open.rows(
        { text: 'SELECT 9007199254740993 AS large, 5 AS small, ? AS given', values: [7] },
        never,
      );

      expect(records).toEqual([{ large: expected, small: 5, given: 7 }]);
    });

    it('integer columns are integers for `%` in expressions', async () => {
      const open = await session(place.connectionString);
      const table = await newTable(
        `a TINYINT, b SMALLINT, c MEDIUMINT, d INT, e BIGINT UNSIGNED, f BIT(3), g YEAR, h BOOLEAN,
         x DOUBLE, y DECIMAL(5), z TEXT`,
      );
      await place.query(`INSERT INTO ${table} VALUES (1, 2, 3, 4, 5, 6, 2026, 1, 9, 10, '11')`);
      const text = `SELECT *, COUNT(*) OVER () AS total FROM ${table}`;

      for (const asked of [
        { text, values: [] },
        { text: `${text} WHERE 1 = ?`, values: [1] },
      ]) {
        const { records } = await open.rows(asked, never);

        expect([...(integersOf(records[0] ?? {}) ?? [])].join(' ')).toBe('a b c d e f g h total');
      }
    });

    it('binds every kind of value exactly', async () => {
      const open = await session(place.connectionString);
      const values = [
        5,
        1.5,
        2n ** 63n,
        -(2n ** 63n),
        2n ** 70n,
        true,
        null,
        "'; DROP TABLE x; --",
      ];

      const { records } = await open.rows(
        { text: `SELECT ${values.map((_, index) => `? AS v${index}`).join(', ')}`, values },
        never,
      );

      expect(Object.values(records[0] ?? {})).toEqual([
        5,
        1.5,
        2n ** 63n,
        -(2n ** 63n),
        String(2n ** 70n),
        1,
        null,
        "'; DROP TABLE x; --",
      ]);
    });

    it('binds a whole number where an integer has to stand', async () => {
      const open = await session(place.connectionString);

      const { records } = await open.rows(
        {
          text: "SELECT JSON_SET('{}', '$.n', ?) AS doc FROM (SELECT 1 UNION SELECT 2) AS two LIMIT ?",
          values: [5, 1],
        },
        never,
      );

      expect(records).toEqual([{ doc: '{"n": 5}' }]);
    });

    it('lets the last of two columns with one name win', async () => {
      const open = await session(place.connectionString);

      const { records } = await open.rows({ text: 'SELECT 1 AS a, 2 AS a', values: [] }, never);

      expect(records).toEqual([{ a: 2 }]);
    });

    it.each([
      ['TINYINT', 128],
      ['INT', 1.5],
      ['INT', '1.5'],
      ['INT', 'twelve'],
      ['INT', ''],
      ['BIGINT', 2n ** 63n],
      ['BIGINT UNSIGNED', -1],
      ['BIT(2)', 4],
      ['FLOAT', 1e39],
      ['DECIMAL(4,2)', 100],
      ['VARCHAR(3)', 'four'],
      ['VARBINARY(2)', 'four'],
      ["ENUM('a','b')", 'c'],
      ["ENUM('a','b')", 1],
      ["SET('a','b')", '3'],
      ['DATE', '2026-02-30'],
      ['DATETIME', 'yesterday'],
      ['DATETIME', '2026-13-01T00:00:00Z'],
      ['DATETIME', '2026-02-30T00:00:00+02:00'],
      ['DATE', '2026-02-30T00:00:00Z'],
      ['TIMESTAMP NULL', '1969-01-01T00:00:00Z'],
      ['JSON', 'no json'],
      ['UUID', 'no uuid'],
      ['YEAR', 1800],
    ] as [string, Json][])('%s refuses %o', async (type, value) => {
      const open = await session(place.connectionString);
      const table = await newTable(`v ${type}`);
      const bulk = await open.bulk({ table, columns: ['v'], mode: 'insert', key: [] }, never);

      const code = await codeOf(bulk.write([[value]], never));

      expect(code).toMatch(/^sql\.(?:bad-value|check)$/);
      expect(await place.query(`SELECT * FROM ${table}`)).toEqual([]);
    });

    it('refuses what is not base64', async () => {
      const open = await session(place.connectionString, { binary: 'base64' });
      const table = await newTable('v BLOB');
      const bulk = await open.bulk({ table, columns: ['v'], mode: 'insert', key: [] }, never);

      expect(await codeOf(bulk.write([['not base64!']], never))).toBe('sql.bad-value');
    });

    it('makes a table from the shape of records', async () => {
      const open = await session(withParseTime(place.connectionString));
      const columns = [
        { name: 'id', type: 'text', nullable: false },
        { name: 'count', type: 'integer', nullable: true },
        { name: 'rate', type: 'number', nullable: true },
        { name: 'isPaid', type: 'boolean', nullable: true },
        { name: 'at', type: 'instant', nullable: true },
        { name: 'lines', type: 'json', nullable: true },
        { name: 'odd `name`', type: 'text', nullable: true },
      ] as const;
      const names = columns.map(({ name }) => name);
      const row = ['Ä', 2n ** 62n, 0.5, true, '2026-07-26T10:00:00.123456Z', [{ a: 1 }], '✓'];

      await open.createTable('made', columns, ['id'], never);
      await open.createTable('made', columns, ['id'], never);
      const bulk = await open.bulk(
        { table: 'made', columns: names, mode: 'upsert', key: ['id'] },
        never,
      );
      await bulk.write([row, ['ä', null, null, null, null, null, null]], never);
      const { records } = await open.rows(
        { text: 'SELECT * FROM made ORDER BY id', values: [] },
        never,
      );

      expect(records.map((record) => Object.values(record))).toEqual([
        ['Ä', 2n ** 62n, 0.5, 1, '2026-07-26T10:00:00.123456Z', '[{"a":1}]', '✓'],
        ['ä', null, null, null, null, null, null],
      ]);
    });
  });

  let tables = 0;

  async function newTable(columns: string): Promise<string> {
    const table = `types_${++tables}`;
    await place.query(`CREATE TABLE ${table} (${columns})`);
    return table;
  }

  /** Writes a value and NULL, and gives the value as text and as prepared, then the NULL. */
  async function looped(
    type: string,
    value: Json,
    changes: Partial<DriverSettings> = {},
  ): Promise<unknown[]> {
    const open = await session(place.connectionString, changes);
    const table = await newTable(`id INT, v ${type}`);
    const bulk = await open.bulk({ table, columns: ['id', 'v'], mode: 'insert', key: [] }, never);
    await bulk.write(
      [
        [1, value],
        [2, null],
      ],
      never,
    );
    const found: unknown[] = [];
    for await (const { records } of open.blocks(
      { text: `SELECT v FROM ${table} ORDER BY id`, values: [] },
      1,
      never,
    )) {
      found.push(records[0]?.['v']);
    }
    const { records } = await open.rows(
      { text: `SELECT v FROM ${table} WHERE id = ?`, values: [1] },
      never,
    );
    return [found[0], records[0]?.['v'], found[1]];
  }
});

function withParseTime(connectionString: string): string {
  const address = new URL(connectionString);
  address.searchParams.set('parseTime', 'true');
  return address.href;
}
