import { isFault, type JsonRecord } from '@cannectors/core';
import { fakeContext } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { database } from '../src/database.ts';
import { complete } from './complete.ts';

/** What `create` says of a config. */
function refusal(config: JsonRecord): { code: string; pointer: string | undefined } | undefined {
  const context = fakeContext({ folder: import.meta.dirname });
  try {
    database(complete({ connectionString: '${DB_URL}', ...config }), context);
  } catch (error) {
    if (isFault(error)) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  return undefined;
}

const statement = { query: 'INSERT INTO t VALUES ($1)', parameters: ['record.id'] };

describe('a config', () => {
  it.each<[string, JsonRecord]>([
    ['a statement', statement],
    ['a statement without parameters', { query: 'SELECT 1' }],
    ['a statement with a checkpoint', { ...statement, transaction: true, exactlyOnce: true }],
    ['a table', { table: 't' }],
    ['a table with a checkpoint', { table: 't', exactlyOnce: true }],
    ['a delete by its key alone', { table: 't', mode: 'delete', key: ['id'] }],
    ['a delete of listed columns', { table: 't', mode: 'delete', key: ['id'], columns: ['id'] }],
    ['an upsert of keys alone', { table: 't', mode: 'upsert', key: ['id'], columns: ['id'] }],
  ])('is taken with %s, and nothing is opened or read from the environment', (_, config) => {
    expect(refusal(config)).toBeUndefined();
  });

  it.each<[string, JsonRecord, string, string]>([
    ['both forms', { ...statement, table: 't' }, 'database.mixed-forms', '/table'],
    [
      'a file and columns',
      { queryFile: 'q.sql', columns: ['id'] },
      'database.mixed-forms',
      '/columns',
    ],
    ['a statement and a key', { ...statement, key: ['id'] }, 'database.mixed-forms', '/key'],
    ['a statement and a mode', { ...statement, mode: 'upsert' }, 'database.mixed-forms', '/mode'],
    [
      'a statement and `createTable`',
      { ...statement, createTable: true },
      'database.mixed-forms',
      '/createTable',
    ],
    [
      'parameters and a table',
      { table: 't', parameters: ['record.id'] },
      'database.mixed-forms',
      '/table',
    ],
    ['neither form', {}, 'database.no-form', ''],
    ['parameters alone', { parameters: ['record.id'] }, 'database.no-form', ''],
    ['columns without a table', { columns: ['id'] }, 'database.no-form', '/columns'],
    ['an upsert without a key', { table: 't', mode: 'upsert' }, 'database.needs-key', '/mode'],
    ['a delete without a key', { table: 't', mode: 'delete' }, 'database.needs-key', '/mode'],
    [
      'a key that is no column',
      { table: 't', mode: 'update', key: ['id'], columns: ['a'] },
      'database.key-no-column',
      '/key',
    ],
    [
      'an update of keys alone',
      { table: 't', mode: 'update', key: ['id'], columns: { id: 'a.b' } },
      'database.nothing-to-update',
      '/columns',
    ],
    [
      'savepoints alone',
      { ...statement, savepoints: true },
      'database.savepoints-alone',
      '/savepoints',
    ],
    [
      'a checkpoint without a transaction',
      { ...statement, exactlyOnce: true },
      'database.needs-transaction',
      '/exactlyOnce',
    ],
    [
      'a column from a key out of reach',
      { table: 't', columns: { 'a/b': '__proto__' } },
      'record.forbidden-key',
      '/columns/a~1b',
    ],
    [
      'a parameter too many',
      { query: 'SELECT 1', parameters: ['record.id'] },
      'sql.unused-parameter',
      '/parameters/0',
    ],
    [
      'a placeholder too many',
      { query: 'SELECT $2', parameters: ['record.id'] },
      'sql.undeclared-parameter',
      '/query',
    ],
    ['a value in the text', { query: 'SELECT {{ record.id }}' }, 'sql.value-in-query', '/query'],
    [
      'an expression that is none',
      { query: 'SELECT $1', parameters: ['record.'] },
      'expression.syntax',
      '/parameters/0',
    ],
  ])('is refused with %s', (_, config, code, pointer) => {
    expect(refusal(config)).toStrictEqual({ code, pointer });
  });
});
