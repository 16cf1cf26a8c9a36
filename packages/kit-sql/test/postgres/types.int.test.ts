import type { Json } from '@cannectors/core';
import { integersOf } from '@cannectors/kit-record';
import { describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SqlValue, ValueOptions } from '../../src/database.ts';
import { faultOf, never, openSession, read, statement, told } from './open.ts';

/** A type, a value as SQL, and the JSON that it becomes. */
const values: readonly (readonly [type: string, sql: string, json: Json])[] = [
  ['int2', '-32768', -32_768],
  ['int4', '2147483647', 2_147_483_647],
  ['int8', '42', 42],
  ['int8', '9007199254740991', 9_007_199_254_740_991],
  ['int8', '9007199254740993', 9_007_199_254_740_993n],
  ['int8', '-9223372036854775808', -(2n ** 63n)],
  ['oid', '4294967295', 4_294_967_295],
  [
    'numeric(38,10)',
    '1234567890123456789012345678.0123456789',
    '1234567890123456789012345678.0123456789',
  ],
  ['numeric(12,2)', '1.50', '1.50'],
  ['numeric', "'NaN'", 'NaN'],
  ['float4', '1.1', 1.1],
  ['float8', '0.1', 0.1],
  ['float8', '1e300', 1e300],
  ['float8', "'Infinity'", 'Infinity'],
  ['float8', "'NaN'", 'NaN'],
  ['money', "'12.30'", '$12.30'],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['text', "''", ''],
  ['text', String.raw`'a\b\N {"}'`, String.raw`a\b\N {"}`],
  ['text', String.raw`E'tab\t line\n return\r quote\'"'`, 'tab\t line\n return\r quote\'"'],
  ['text', "'Ünïcödé 漢字 😀 \u200B'", 'Ünïcödé 漢字 😀 \u200B'],
  ['text', 'NULL', null],
  ['varchar(5)', "'abcde'", 'abcde'],
  ['char(3)', "'a'", 'a  '],
  ['date', "'2026-07-26'", '2026-07-26T00:00:00Z'],
  ['date', "'infinity'", 'infinity'],
  ['date', "'0044-03-15 BC'", '0044-03-15 BC'],
  ['date', "'12026-07-26'", '12026-07-26'],
  ['timestamp', "'2026-07-26 10:00:00'", '2026-07-26T10:00:00Z'],
  ['timestamp', "'2026-07-26 10:00:00.123456'", '2026-07-26T10:00:00.123456Z'],
  ['timestamp', "'-infinity'", '-infinity'],
  ['timestamptz', "'2026-07-26 12:00:00.000001+02'", '2026-07-26T10:00:00.000001Z'],
  ['timestamptz', "'2026-12-31 23:30:00-05:30'", '2027-01-01T05:00:00Z'],
  ['timestamptz', "'infinity'", 'infinity'],
  ['time', "'10:00:00.123456'", '10:00:00.123456'],
  ['timetz', "'10:00:00+02'", '10:00:00+02'],
  ['interval', "'1 year 2 months 3 days 04:05:06.789'", '1 year 2 mons 3 days 04:05:06.789'],
  ['json', `'{"b": 1, "a": 12345678901234567890}'`, '{"b": 1, "a": 12345678901234567890}'],
  ['jsonb', `'{"b": 1, "a": [1.50, null]}'`, '{"a": [1.50, null], "b": 1}'],
  ['uuid', "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['int4[]', 'ARRAY[1,NULL,3]', '{1,NULL,3}'],
  ['int4[]', "'[0:1]={1,2}'", '[0:1]={1,2}'],
  ['int4[]', "'{{1,2},{3,4}}'", '{{1,2},{3,4}}'],
  ['text[]', `ARRAY['a,b','c"d',NULL,'']`, String.raw`{"a,b","c\"d",NULL,""}`],
  ['inet', "'10.0.0.0/8'", '10.0.0.0/8'],
  ['bytea', String.raw`'\x68c3a9'`, 'hé'],
  ['mood', "'very happy'", 'very happy'],
  ['positive', '7', 7],
  ['point', "'(1,2)'", '(1,2)'],
  ['int4range', "'[1,5)'", '[1,5)'],
];

describeDatabase('postgres', (place) => {
  const opened = (options?: Partial<ValueOptions>) => openSession(place, options);

  beforeAll(() =>
    place.query(
      `CREATE TYPE mood AS ENUM ('sad', 'very happy')`,
      'CREATE DOMAIN positive AS int4 CHECK (VALUE > 0)',
    ),
  );

  describe.each(['UTC', 'America/St_Johns'])('a session in %s', (zone) => {
    it.each(values)('reads %s %s', async (type, sql, json) => {
      const session = await opened();
      await session.command(`SET TIME ZONE '${zone}'`, never);
      const text = `SELECT CAST(${sql} AS ${type}) AS value`;

      const { records } = await session.rows(statement(text), never);
      const copied = await read(session, text);
      const fetched = await read(session, `${text} WHERE $1::int = 1`, [1]);

      // The zone of `timestamptz` is UTC, whatever the session has.
      expect(records).toEqual([{ value: json }]);
      expect(copied.records).toEqual(records);
      expect(fetched.records).toEqual(records);
    });
  });

  it('tells integers from other numbers, for `%` of expressions', async () => {
    const session = await opened();
    const text =
      'SELECT 1::int2 AS a, 2::int4 AS b, 3::int8 AS c, 4::oid AS d, 5::float8 AS x, 6::numeric AS y';

    for (const { records } of [
      await session.rows(statement(text), never),
      await read(session, text),
      await read(session, `${text} WHERE $1::int = 1`, [1]),
    ]) {
      expect([...(integersOf(records[0] ?? {}) ?? [])]).toEqual(['a', 'b', 'c', 'd']);
    }
  });

  it.each(values)('writes %s %s back, by statement and in bulk', async (type, sql, json) => {
    const session = await opened();
    await session.command(
      `DROP TABLE IF EXISTS round; CREATE TABLE round (id int PRIMARY KEY, value ${type})`,
      never,
    );
    const insert = 'INSERT INTO round VALUES ($1, $2)';
    const plan = { table: 'round', columns: ['id', 'value'] };

    const answers = await session.run([statement(insert, 1, json as SqlValue)], 'stop', never);
    const copy = await session.bulk({ ...plan, mode: 'insert', key: [] }, never);
    await copy.write([[2, json]], never);
    const unnest = await session.bulk({ ...plan, mode: 'upsert', key: ['id'] }, never);
    await unnest.write([[3, json]], never);

    expect(answers).toEqual([1]);
    const [wanted] = (
      await session.rows(statement(`SELECT CAST(CAST(${sql} AS ${type}) AS text) AS value`), never)
    ).records;
    const { records } = await session.rows(statement('SELECT value::text FROM round'), never);
    expect(records).toEqual([wanted, wanted, wanted]);
  });

  it('names the columns whose values are dates and instants', async () => {
    const session = await opened();
    const text = `SELECT now() AS a, current_date AS b, now()::timestamp AS c, now()::text AS d,
      now() AS a, localtime AS e`;

    const { instants } = await session.rows(statement(text), never);

    expect(instants).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['string', '9007199254740993', '9007199254740993'],
    ['string', '7', 7],
    ['number', '9007199254740993', 9_007_199_254_740_992],
  ] as const)('reads int8 with int64: %s', async (int64, sql, json) => {
    const session = await opened({ int64 });

    const { records } = await session.rows(statement(`SELECT ${sql}::int8 AS value`), never);

    expect(records).toEqual([{ value: json }]);
  });

  it('reads and writes bytes as base64', async () => {
    const session = await opened({ binary: 'base64' });
    await session.command('CREATE TEMP TABLE bytes (id int PRIMARY KEY, value bytea)', never);
    const base64 = Buffer.from([0, 255, 92, 10, 9, 13, 128]).toString('base64');

    await session.run([statement('INSERT INTO bytes VALUES (1, $1)', base64)], 'stop', never);
    const columns = ['id', 'value'];
    const copy = await session.bulk({ table: 'bytes', columns, mode: 'insert', key: [] }, never);
    await copy.write([[2, base64]], never);
    const upsert = await session.bulk(
      { table: 'bytes', columns, mode: 'upsert', key: ['id'] },
      never,
    );
    await upsert.write([[3, base64]], never);

    const { records } = await read(session, 'SELECT value FROM bytes');
    expect(records).toEqual([{ value: base64 }, { value: base64 }, { value: base64 }]);
  });

  it.each([
    ['QUI=', 1],
    ['QUI', 1],
    ['_-_-', 1],
    ['not base64!', 'sql.bad-value'],
    ['A', 'sql.bad-value'],
    ['QU=I', 'sql.bad-value'],
  ])('takes or refuses %j as base64', async (text, expected) => {
    const session = await opened({ binary: 'base64' });
    await session.command('CREATE TEMP TABLE bytes (value bytea)', never);
    const copy = await session.bulk(
      { table: 'bytes', columns: ['value'], mode: 'insert', key: [] },
      never,
    );

    const insert = statement('INSERT INTO bytes VALUES ($1)', text);
    const answers = await session.run([insert], 'stop', never);
    const written = await copy.write([[text]], never).then(
      () => 1,
      (error: Error) => error,
    );

    expect(told([...answers, written])).toEqual([expected, expected]);
  });

  it('writes text into bytes as UTF-8, backslashes too', async () => {
    const session = await opened();
    await session.command('CREATE TEMP TABLE bytes (value bytea)', never);
    const text = String.raw`a\b é \001`;

    await session.run([statement('INSERT INTO bytes VALUES ($1)', text)], 'stop', never);

    const { records } = await session.rows(statement('SELECT value FROM bytes'), never);
    expect(records).toEqual([{ value: text }]);
  });

  it('writes objects and lists as JSON, and lists as arrays where a column is one', async () => {
    const session = await opened();
    await session.command(
      'CREATE TEMP TABLE nested (id int PRIMARY KEY, data jsonb, tags text[], grid int[], note text)',
      never,
    );
    const columns = ['id', 'data', 'tags', 'grid', 'note'];
    const row = [{ big: 2n ** 63n, text: '\t\\"\n' }, ['a,b', '"\\', null, '{}'], [[1, 2]], ['x']];
    const copy = await session.bulk({ table: 'nested', columns, mode: 'insert', key: [] }, never);
    const upsert = await session.bulk(
      { table: 'nested', columns, mode: 'upsert', key: ['id'] },
      never,
    );

    await copy.write([[1, ...row]], never);
    await upsert.write([[2, ...row]], never);

    const { records } = await session.rows(statement('SELECT * FROM nested ORDER BY id'), never);
    const written = {
      data: String.raw`{"big": 9223372036854775808, "text": "\t\\\"\n"}`,
      tags: String.raw`{"a,b","\"\\",NULL,"{}"}`,
      grid: '{{1,2}}',
      note: '["x"]',
    };
    expect(records).toEqual([
      { id: 1, ...written },
      { id: 2, ...written },
    ]);
  });

  it('takes a JSON list for a parameter that is an array', async () => {
    const session = await opened();
    const text = 'SELECT n FROM generate_series(1, 5) AS n WHERE n = ANY($1) ORDER BY n';

    const { records } = await session.rows(statement(text, '[2, 4]'), never);

    expect(records).toEqual([{ n: 2 }, { n: 4 }]);
  });

  it('takes RFC 3339, and whole doubles where an integer is needed', async () => {
    const session = await opened();
    const text = 'SELECT $1::timestamptz AS at, $2::int4 + 1 AS next, $3::boolean AS yes';

    const { records } = await session.rows(
      statement(text, '2026-07-26T12:00:00.5+02:00', 5, true),
      never,
    );

    expect(records).toEqual([{ at: '2026-07-26T10:00:00.5Z', next: 6, yes: true }]);
  });

  it('reads the forms of values that a role prefers', async () => {
    const { connectionString } = place;
    const joint = connectionString.includes('?') ? '&' : '?';
    const session = await openSession({
      connectionString: `${connectionString}${joint}datestyle=German&bytea_output=escape&intervalstyle=iso_8601`,
    });
    const text = `SELECT '2026-07-26 10:00Z'::timestamptz AS at, '\\x00ff'::bytea AS bytes`;

    const { records } = await session.rows(statement(text), never);

    expect(records).toEqual([{ at: '2026-07-26T10:00:00Z', bytes: '\0\uFFFD' }]);
  });

  it('keeps columns named like the insides of an object', async () => {
    const session = await opened();
    const text = `SELECT 1 AS "__proto__", 2 AS "constructor", 3 AS "a", 4 AS "a"`;

    const { records } = await session.rows(statement(text), never);

    expect(Object.entries(records[0] ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['a', 4],
    ]);
  });

  it.each(['insert', 'upsert'] as const)('refuses NUL in %s', async (mode) => {
    const session = await opened();
    await session.command('CREATE TEMP TABLE nul (id int PRIMARY KEY, value text)', never);
    const plan = {
      table: 'nul',
      columns: ['id', 'value'],
      mode,
      key: mode === 'insert' ? [] : ['id'],
    };
    const bulk = await session.bulk(plan, never);

    const fault = await faultOf(bulk.write([[1, 'a\0b']], never));

    expect(fault).toMatchObject({
      code: 'sql.bad-value',
      message: expect.stringContaining('0x00'),
    });
  });

  it('keeps SQL in data as data', async () => {
    const session = await opened();
    await session.command('CREATE TEMP TABLE safe (id int PRIMARY KEY, value text)', never);
    const evil = `'); DROP TABLE safe; --`;
    const plan = { table: 'safe', columns: ['id', 'value'] };

    await session.run([statement('INSERT INTO safe VALUES (1, $1)', evil)], 'stop', never);
    await (
      await session.bulk({ ...plan, mode: 'insert', key: [] }, never)
    ).write([[2, evil]], never);
    await (
      await session.bulk({ ...plan, mode: 'upsert', key: ['id'] }, never)
    ).write([[3, evil]], never);

    const { records } = await session.rows(statement('SELECT value FROM safe'), never);
    expect(records).toEqual([{ value: evil }, { value: evil }, { value: evil }]);
  });
});
