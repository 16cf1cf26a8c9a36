import { Fault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../src/database.ts';
import { isOfRecord, notConnected, sqlFault, timedOut } from '../src/faults.ts';

const postgres = (code: string, message = 'said the server') =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });
const mysql = (errno: number, sqlState = 'HY000') =>
  Object.assign(new Error('said the server'), { errno, sqlState, code: 'ER_SOMETHING' });
const sqlite = (errcode: number, message = 'said SQLite') =>
  Object.assign(new Error(message), { errcode, code: 'ERR_SQLITE_ERROR' });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code, errno: -111 });
const plain = (message: string) => new Error(message);

const failed = {
  driver: 'postgres',
  operation: 'exec',
  statement: 'INSERT INTO t VALUES ($1)',
} as const;

describe('the classification', () => {
  it.each<[string, Error[]]>([
    [
      'sql.timeout network true',
      [
        plain('canceling statement due to statement timeout'),
        plain('context deadline exceeded'),
        plain('operation timed out'),
        system('ETIMEDOUT'),
        postgres('57014'),
        postgres('55P03'),
        mysql(1205),
        mysql(3024),
        mysql(1969, '70100'),
        sqlite(5, 'database is locked'),
        sqlite(517, 'database is locked'),
        sqlite(6, 'database table is locked'),
      ],
    ],
    [
      'sql.connection network true',
      [
        plain('connection refused'),
        plain('Connection terminated unexpectedly'),
        plain('unexpected EOF'),
        plain('dial tcp: lookup db: no such host'),
        plain('driver: bad connection'),
        system('ECONNREFUSED'),
        system('ECONNRESET'),
        system('EPIPE'),
        system('ENOTFOUND'),
        system('EMFILE'),
        postgres('08006'),
        postgres('57P01'),
        postgres('53300'),
        mysql(2013),
        mysql(1053, '08S01'),
        mysql(1927, '70100'),
        mysql(1040, '08004'),
        sqlite(14, 'unable to open database file'),
      ],
    ],
    [
      'sql.unique validation false',
      [
        plain('Duplicate entry'),
        plain('violates unique constraint'),
        postgres('23505'),
        mysql(1062, '23000'),
        sqlite(2067),
        sqlite(1555),
      ],
    ],
    [
      'sql.foreign-key validation false',
      [
        plain('a foreign key constraint fails'),
        postgres('23503'),
        mysql(1216, '23000'),
        mysql(1217, '23000'),
        mysql(1451, '23000'),
        mysql(1452, '23000'),
        sqlite(787),
      ],
    ],
    [
      'sql.not-null validation false',
      [plain("Column 'a' cannot be null"), postgres('23502'), mysql(1048, '23000'), sqlite(1299)],
    ],
    [
      'sql.check validation false',
      [plain('violates check constraint'), postgres('23514'), mysql(4025, '23000'), sqlite(275)],
    ],
    [
      'sql.constraint validation false',
      [
        plain('integrity constraint violation'),
        postgres('23000'),
        postgres('23001'),
        postgres('23P01'),
        mysql(1761, '23000'),
        sqlite(1811),
      ],
    ],
    [
      'sql.no-room server true',
      [
        postgres('53100'),
        postgres('53200'),
        mysql(1021),
        mysql(1114),
        sqlite(13, 'database or disk is full'),
        sqlite(7, 'out of memory'),
      ],
    ],
    [
      'sql.deadlock server true',
      [
        plain('deadlock detected'),
        plain('could not serialize access'),
        postgres('40001'),
        postgres('40P01'),
        mysql(1213, '40001'),
      ],
    ],
    [
      'sql.syntax validation false',
      [
        plain('You have an error in your SQL syntax; syntax error'),
        postgres('42601'),
        mysql(1064, '42000'),
        sqlite(1, 'near "selec": syntax error'),
        sqlite(1, 'incomplete input'),
      ],
    ],
    [
      'sql.permission validation false',
      [postgres('42501'), postgres('25006'), mysql(1142, '42000'), mysql(1290), sqlite(8)],
    ],
    [
      'sql.no-table validation false',
      [postgres('42P01'), mysql(1146, '42S02'), sqlite(1, 'no such table: t')],
    ],
    [
      'sql.no-column validation false',
      [
        postgres('42703'),
        mysql(1054, '42S22'),
        sqlite(1, 'no such column: c'),
        sqlite(1, 'table t has no column named c'),
      ],
    ],
    [
      'sql.no-unique-key validation false',
      [
        postgres('42P10'),
        sqlite(1, 'ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint'),
      ],
    ],
    [
      'sql.bad-value validation false',
      [
        postgres('22P02'),
        postgres('22003'),
        mysql(1366),
        mysql(1406, '22001'),
        sqlite(3091),
        sqlite(20),
      ],
    ],
    [
      'sql.query validation false',
      [
        plain('something else'),
        postgres('25P02'),
        postgres('P0001'),
        mysql(1305, '42000'),
        sqlite(1, 'no such function: f'),
      ],
    ],
  ])('%s', (verdict, errors) => {
    const verdicts = errors.map((error) => {
      const { code, category, retry } = sqlFault(error, failed);
      return `${code} ${category} ${retry}`;
    });

    expect(verdicts).toEqual(errors.map(() => verdict));
  });

  it('believes a code more than a name in the text', () => {
    const error = postgres('42P01', 'relation "timeout_log" does not exist');

    expect(sqlFault(error, failed).code).toBe('sql.no-table');
    expect(sqlFault(sqlite(1, 'no such table: deadlock'), failed).code).toBe('sql.no-table');
  });

  it('looks into an error that stands for several attempts to connect', () => {
    const both = new AggregateError(
      [system('ECONNREFUSED'), system('ECONNREFUSED')],
      'both failed',
    );
    // As Node.js makes it.
    both.message = '';

    expect(sqlFault(both, failed)).toMatchObject({
      code: 'sql.connection',
      message: expect.stringContaining('connect ECONNREFUSED') as string,
    });
  });

  it('leaves a fault as it is, and takes whatever else is thrown', () => {
    const fault = new Fault('other.code', 'text');

    expect(sqlFault(fault, failed)).toBe(fault);
    expect(sqlFault('a string', failed).code).toBe('sql.query');
    expect(sqlFault(undefined, failed).code).toBe('sql.query');
  });
});

describe('the text of a fault', () => {
  it.each([
    [
      plain('syntax error'),
      'database query error in exec: SQL syntax error (original: syntax error)',
    ],
    [
      postgres('23505', 'duplicate key value'),
      'database constraint error: unique constraint violation (original: duplicate key value)',
    ],
    [plain('odd'), 'database query error in exec: odd'],
    [postgres('40P01', 'deadlock detected'), 'database query error in exec: deadlock detected'],
  ])('%s', (error, message) => {
    expect(sqlFault(error, failed).message).toBe(message);
  });

  it('says where in the statement, counting characters as PostgreSQL does', () => {
    const error = Object.assign(postgres('42601', 'syntax error at or near "FORM"'), {
      position: '12',
    });
    const fault = sqlFault(error, { ...failed, statement: "SELECT '👍'\nFORM t" });

    expect(fault.message).toContain('SQL syntax error at line 2, column 1');
    expect(fault.details).toMatchObject({ line: 2, column: 1 });
  });

  it('keeps the statement, five hundred characters of it, and what the database calls the error', () => {
    const fault = sqlFault(mysql(1062, '23000'), {
      driver: 'mysql',
      operation: 'select',
      statement: 'x'.repeat(2000),
    });

    expect(fault.details).toEqual({
      driver: 'mysql',
      operation: 'select',
      statement: 'x'.repeat(500),
      driver_code: '1062',
    });
  });

  it('says how long it was waited for', () => {
    expect(timedOut(250, failed)).toMatchObject({
      code: 'sql.timeout',
      retry: true,
      message: expect.stringContaining('longer than 250 ms') as string,
    });
  });
});

describe('a failure to connect', () => {
  it.each<[Driver, Error, string, boolean]>([
    ['postgres', system('ECONNREFUSED'), 'network', true],
    ['postgres', postgres('28P01'), 'authentication', false],
    ['postgres', postgres('3D000'), 'validation', false],
    ['postgres', postgres('57P03'), 'network', true],
    ['mysql', mysql(1045, '28000'), 'authentication', false],
    ['mysql', mysql(1049, '42000'), 'validation', false],
    ['mysql', system('ETIMEDOUT'), 'network', true],
    ['sqlite', sqlite(14), 'validation', false],
    ['sqlite', sqlite(5), 'network', true],
  ])('of %s: %s', (driver, error, category, retry) => {
    expect(notConnected(error, driver)).toMatchObject({ code: 'sql.connect', category, retry });
  });
});

describe('a fault of a record', () => {
  it.each([
    [postgres('23505'), true],
    [postgres('22P02'), true],
    [postgres('P0001'), true],
    [postgres('40P01'), false],
    [postgres('53100'), false],
    [sqlite(13), false],
    [postgres('42P01'), false],
    [postgres('42P10'), false],
    [postgres('42601'), false],
    [postgres('42501'), false],
    [system('ECONNRESET'), false],
    [mysql(1205), false],
  ])('%s', (error, isOne) => {
    expect(isOfRecord(sqlFault(error, failed))).toBe(isOne);
  });

  it('is a fault of a statement', () => {
    expect(isOfRecord(new Error('duplicate key'))).toBe(false);
    expect(isOfRecord(new Fault('OUTPUT_FAILED', ''))).toBe(false);
  });
});
