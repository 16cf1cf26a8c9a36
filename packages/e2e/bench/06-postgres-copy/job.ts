import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { Client } from 'pg';

const server =
  process.env['CANNECTORS_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A table of a million rows into another one, thousands of them in a transaction. */
export const job = {
  title: 'PostgreSQL → mapping → PostgreSQL (1,000,000 rows)',
  byHand: {
    'cursor and COPY, overlapped': { script: 'by-hand-overlapped.ts', goal: 0.8 },
    'cursor and COPY': { script: 'by-hand.ts', goal: 0.8 },
  },
  async prepare() {
    const schema = `cannectors_bench_${randomBytes(6).toString('hex')}`;
    const address = new URL(server);
    address.searchParams.set('options', `-csearch_path=${schema}`);
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}`);
    await client.query(
      `CREATE TABLE orders AS SELECT n::bigint AS id, ' Customer ' || n AS name,
         'Customer' || n || '@Example.com' AS email, (n * 1.25)::numeric(12, 2) AS amount,
         CASE n % 3 WHEN 0 THEN 'paid' ELSE 'open' END AS status,
         timestamptz '2026-07-26 10:00Z' + n * interval '1.000001 s' AS created
       FROM generate_series(1, 1000000) AS n`,
    );
    await client.query(
      'CREATE TABLE copies (LIKE orders); ALTER TABLE copies ADD PRIMARY KEY (id); ANALYZE orders',
    );
    return {
      env: { DB: address.href },
      async written() {
        const { rows } = await client.query<{ hash: string }>(
          `SELECT count(*) || ' ' || sum(hashtextextended(c::text, 0)) AS hash FROM copies AS c`,
        );
        return rows[0]?.hash ?? '';
      },
      async reset() {
        await client.query('TRUNCATE copies; CHECKPOINT');
      },
      async close() {
        await client.query(`DROP SCHEMA ${schema} CASCADE`);
        await client.end();
      },
    };
  },
};
