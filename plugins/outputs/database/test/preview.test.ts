import type { JsonRecord } from '@cannectors/core';
import { fakeContext } from '@cannectors/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { database } from '../src/database.ts';
import { operationOf } from '../src/operation-of.ts';
import { complete } from './complete.ts';
import { itemsOf } from './writing.ts';

/** Nobody answers there: a preview opens no connection. */
const connectionString = 'postgres://writer:s3cr3t@127.0.0.1:1/shop';

function preview(config: JsonRecord, records: readonly JsonRecord[], showCredentials = false) {
  const context = fakeContext({ folder: import.meta.dirname, dryRun: true });
  const output = database(complete({ connectionString, ...config }), context);
  const batch = { items: itemsOf(records), seq: 0, attempt: 1, failFast: false };
  return output.preview?.(batch, { showCredentials });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a preview of statements', () => {
  const query = `
    {% if record.isGone is defined %}DELETE FROM orders WHERE id = $1{% else %}
    INSERT INTO orders (id, name, total) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET total = $3{% endif %}
  `;
  const parameters = ['record.id', 'record.name', 'record.total'];

  it('groups them in the order in which they come up, with the values of each', () => {
    const records = [
      { id: 1, name: "Ada's", total: 9007199254740993n },
      { id: 2, isGone: true },
      { id: 3, total: { net: 1.5 } },
    ];

    expect(preview({ query, parameters, transaction: true }, records)).toStrictEqual([
      {
        kind: 'sql',
        title: 'INSERT INTO orders',
        record_count: 2,
        sql: {
          driver: 'postgres',
          target: 'postgres://writer:[REDACTED]@127.0.0.1:1/shop',
          operation: 'INSERT INTO',
          table: 'orders',
          statement:
            'INSERT INTO orders (id, name, total) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET total = $3',
          parameters,
          rows: [
            [1, "Ada's", 9007199254740993n],
            [3, null, '{"net":1.5}'],
          ],
          transaction: true,
        },
      },
      {
        kind: 'sql',
        title: 'DELETE FROM orders',
        record_count: 1,
        sql: {
          driver: 'postgres',
          target: 'postgres://writer:[REDACTED]@127.0.0.1:1/shop',
          operation: 'DELETE FROM',
          table: 'orders',
          statement: 'DELETE FROM orders WHERE id = $1',
          parameters: ['record.id'],
          rows: [[2]],
          transaction: true,
        },
      },
    ]);
  });

  it('has the placeholders of the driver, and the expressions in their order', () => {
    const config = { query, parameters, driver: 'mysql', connectionString: 'mysql://a:b@h/d' };

    expect(preview(config, [{ id: 1, name: 'x', total: 2 }])).toMatchObject([
      {
        sql: {
          statement:
            'INSERT INTO orders (id, name, total) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET total = ?',
          parameters: ['record.id', 'record.name', 'record.total', 'record.total'],
          rows: [[1, 'x', 2, 2]],
          transaction: false,
        },
      },
    ]);
  });

  it('shows a hundred rows, and counts the others', () => {
    const records = Array.from({ length: 250 }, (_, id) => ({ id, isGone: true }));

    expect(preview({ query, parameters }, records)).toMatchObject([
      {
        record_count: 250,
        sql: { rows: records.slice(0, 100).map(({ id }) => [id]), rows_omitted: 150 },
      },
    ]);
  });

  it('fails as a whole when a record becomes no statement', () => {
    const config = { query: 'SELECT $1', parameters: ['int(record.n)'] };

    expect(() => preview(config, [{ n: '1' }, { n: 'x' }])).toThrow(
      expect.objectContaining({
        code: 'database.preview-failed',
        message: expect.stringMatching(
          /^previewing record 1: building parameterized query: /,
        ) as string,
      }) as Error,
    );
  });

  it('shows credentials when it is asked to', () => {
    expect(preview({ query: 'SELECT 1' }, [{}], true)).toMatchObject([
      { title: 'SELECT', sql: { target: connectionString, table: '' } },
    ]);
  });

  it('reads an address from the environment, and says when it is not there', () => {
    const config = {
      connectionString: undefined as never,
      connectionStringRef: '${SHOP_DB}',
      query: 'SELECT 1',
    };
    vi.stubEnv('SHOP_DB', 'file:./shop.db');

    expect(preview(config, [{}])).toMatchObject([
      { sql: { driver: 'sqlite', target: 'file:./shop.db' } },
    ]);
    vi.stubEnv('SHOP_DB', '');
    expect(() => preview(config, [{}])).toThrow(
      expect.objectContaining({ code: 'sql.no-address' }) as Error,
    );
  });
});

describe('a preview of rows', () => {
  it('names the table, the columns and where their values come from', () => {
    const config = {
      table: 'sales.orders',
      mode: 'upsert',
      key: ['id'],
      columns: { id: 'id', customer: 'customer.name' },
    };

    expect(
      preview(config, [{ id: 1, customer: { name: 'Ada' }, more: 1 }, { id: 2 }]),
    ).toStrictEqual([
      {
        kind: 'sql',
        title: 'UPSERT INTO sales.orders',
        record_count: 2,
        sql: {
          driver: 'postgres',
          target: 'postgres://writer:[REDACTED]@127.0.0.1:1/shop',
          operation: 'UPSERT INTO',
          table: 'sales.orders',
          columns: ['id', 'customer'],
          key: ['id'],
          parameters: ['id', 'customer.name'],
          rows: [
            [1, 'Ada'],
            [2, null],
          ],
          transaction: true,
        },
      },
    ]);
  });

  it.each([
    ['insert', 'INSERT INTO'],
    ['update', 'UPDATE'],
    ['delete', 'DELETE FROM'],
  ])('%s', (mode, operation) => {
    expect(preview({ table: 't', mode, key: ['id'] }, [{ id: 1, a: 2 }])).toMatchObject([
      { title: `${operation} t`, sql: { operation } },
    ]);
  });

  it('fails as a whole when a record becomes no row', () => {
    expect(() => preview({ table: 't' }, [{ a: 1 }, { b: 2 }])).toThrow(
      expect.objectContaining({
        message:
          'previewing record 1: The first record had no key `b`, so there is no column for it.',
      }) as Error,
    );
  });
});

it.each([
  ['insert or replace into "a b".`c` values (1)', 'INSERT INTO', '"a b".`c`'],
  ['INSERT IGNORE INTO t SET a = 1', 'INSERT INTO', 't'],
  ['-- a comment\n  /* another */ update only t set a = 1', 'UPDATE', 't'],
  ['DELETE FROM ONLY t', 'DELETE FROM', 't'],
  ['replace into t values (1)', 'REPLACE INTO', 't'],
  ['MERGE INTO t USING u ON true', 'MERGE INTO', 't'],
  ['SELECT f($1)', 'SELECT', ''],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', 'WITH', ''],
  ['CALL f($1)', 'STATEMENT', ''],
  ['selected', 'STATEMENT', ''],
  ['-- nothing', 'STATEMENT', ''],
])('%j is told to be %s', (statement, operation, table) => {
  expect(operationOf(statement)).toStrictEqual({ operation, table });
});
