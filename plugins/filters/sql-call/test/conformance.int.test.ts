import type { JsonRecord } from '@cannectors/core';
import { testFilter } from '@cannectors/testkit';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll } from 'vitest';
import plugin from '../src/index.ts';

describeDatabase('sqlite', suite);
describeDatabase('postgres', suite);
describeDatabase('mysql', suite);

function suite({ connectionString, query }: DatabasePlace): void {
  beforeAll(() =>
    query(
      'CREATE TABLE customers (id integer PRIMARY KEY, name varchar(50), tier varchar(10))',
      `INSERT INTO customers VALUES (8, 'Ada', 'gold'), (9, 'Grace', 'silver')`,
    ),
  );
  const at = (more: JsonRecord): JsonRecord => ({
    connectionString,
    parameters: ['record.id'],
    ...more,
  });
  const plain = { query: 'SELECT name, tier FROM customers WHERE id = $1' };
  const batched = {
    query: 'SELECT id, name, tier FROM customers WHERE id IN ($1)',
    lookup: { key: ['id'] },
  };

  testFilter(
    plugin,
    import.meta.url,
    {
      'merges by default, and the answer wins': {
        config: at(plain),
        given: [{ id: 8, name: 'A.', since: 1843 }],
        then: [{ id: 8, name: 'Ada', since: 1843, tier: 'gold' }],
      },
      'changes nothing without a row': {
        config: at({ ...plain, mergeStrategy: 'replace' }),
        given: [{ id: 7, name: 'A.' }, { name: 'nobody' }],
        then: [{ id: 7, name: 'A.' }, { name: 'nobody' }],
      },
      'stores an empty object without a row': {
        config: at({ ...plain, mergeStrategy: 'append', resultKey: 'found' }),
        given: [{ id: 7 }, { id: null }],
        then: [
          { id: 7, found: {} },
          { id: null, found: {} },
        ],
      },
      'looks many up at a time': {
        config: at({ ...batched, mergeStrategy: 'append', resultKey: 'found' }),
        given: [{ id: 9 }, { id: 7 }, { id: 8 }, { id: 9 }, { id: null }, {}],
        then: [
          { id: 9, found: { id: 9, name: 'Grace', tier: 'silver' } },
          { id: 7, found: {} },
          { id: 8, found: { id: 8, name: 'Ada', tier: 'gold' } },
          { id: 9, found: { id: 9, name: 'Grace', tier: 'silver' } },
          { id: null, found: {} },
          { found: {} },
        ],
      },
      'fails for a table that is not there': {
        config: at({ query: 'SELECT 1 AS a FROM nowhere WHERE 1 = $1' }),
        given: [{ id: 8 }],
        fails: { code: 'sql.no-table' },
      },
      'fails for what is not SQL': {
        config: at({ query: 'SELECT name\nFROM customers WHEREVER id = $1' }),
        given: [{ id: 8 }],
        fails: { code: 'sql.syntax' },
      },
      'fails for a parameter that cannot be computed': {
        config: at({ ...plain, parameters: ['int(record.id)'] }),
        given: [{ id: 'eight' }],
        fails: { code: 'sql.not-built' },
      },
      'needs a key to append under': {
        config: at({ ...plain, mergeStrategy: 'append' }),
        refuses: { code: 'call.no-result-key', pointer: '/mergeStrategy' },
      },
      'appends no error markers': {
        config: at({ ...plain, mergeStrategy: 'append', resultKey: '_errors' }),
        refuses: { code: 'record.reserved', pointer: '/resultKey' },
      },
      'finds a parameter early that is not declared': {
        config: at({ query: 'SELECT 1 AS a FROM customers WHERE id = $1 AND name = $2' }),
        refuses: { code: 'sql.undeclared-parameter', pointer: '/query' },
      },
      'finds a parameter early that is not used': {
        config: at({ ...plain, parameters: ['record.id', 'record.name'] }),
        refuses: { code: 'sql.unused-parameter', pointer: '/parameters/1' },
      },
      'takes no values in the text': {
        config: at({ query: "SELECT 1 AS a FROM customers WHERE name = '{{ record.name }}'" }),
        refuses: { code: 'sql.value-in-query', pointer: '/query' },
      },
      'finds a bad cache key early': {
        config: at({ ...plain, cache: { enabled: true, key: '{{ record. }}' } }),
        refuses: { code: 'template.syntax', pointer: '/cache/key' },
      },
      'asks for many only in a query with a list': {
        config: at({ ...plain, lookup: { key: ['id'] } }),
        refuses: { code: 'sql-call.no-lookup', pointer: '/query' },
      },
      'asks for many only in a query without a limit': {
        config: at({ ...batched, query: `${batched.query} LIMIT 1` }),
        refuses: { code: 'sql-call.no-lookup', pointer: '/query' },
      },
      'asks for many only in a query that reads': {
        config: at({ ...batched, query: 'DELETE FROM customers WHERE id IN ($1) RETURNING id' }),
        refuses: { code: 'sql-call.no-lookup', pointer: '/query' },
      },
      'wants a column for each value of the key': {
        config: at({ ...batched, lookup: { key: ['id', 'name'] } }),
        refuses: { code: 'sql-call.key-mismatch', pointer: '/lookup/key' },
      },
    },
    { exampleConfig: (config) => ({ ...config, connectionString }) },
  );
}
