import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runPipeline } from '@cannectors/testkit';
import { describeDatabase } from '@cannectors/testkit/databases';
import { expect, it, onTestFinished } from 'vitest';

const file = path.resolve(import.meta.dirname, '../../../examples/54-postgres-to-mysql.yaml');

describeDatabase('postgres', (source) => {
  describeDatabase('mysql', (target) => {
    it('54-postgres-to-mysql.yaml runs', async () => {
      const storage = mkdtempSync(path.join(tmpdir(), 'cannectors-example-'));
      onTestFinished(() => rmSync(storage, { recursive: true }));
      await source.query(
        'CREATE TABLE products (id bigint PRIMARY KEY, name text, price numeric(30, 6), created_at timestamptz, attributes jsonb)',
        `INSERT INTO products
         SELECT 1152921504606846976 + n, 'Thé ' || n || ' 🫖', 12345678901234567890.123456 + n,
           '2026-01-01 12:00:00.123456+02'::timestamptz, jsonb_build_object('n', n)
         FROM generate_series(1, 2500) n`,
      );
      const run = () =>
        runPipeline(file, {
          storage,
          env: { POSTGRES_URL: source.connectionString, MYSQL_URL: target.connectionString },
        });

      const first = await run();
      const second = await run();

      expect([first.result, second.result]).toMatchObject([
        { status: 'success', records_written: 2500 },
        { status: 'success', records_written: 2500 },
      ]);
      expect(await target.query('SELECT count(*) AS products FROM products')).toMatchObject([
        { products: '2500' },
      ]);
      expect(await target.query('SELECT * FROM products ORDER BY id LIMIT 1')).toEqual([
        {
          id: '1152921504606846977',
          name: 'Thé 1 🫖',
          price: '12345678901234567891.123456',
          created_at: '2026-01-01 10:00:00.123456',
          attributes: '{"n": 1}',
          source: 'shop',
        },
      ]);
    });
  });
});
