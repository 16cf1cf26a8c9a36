import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { recordOf } from '../record.ts';

const server = process.env['CANNECTORS_TEST_MYSQL'] ?? 'mysql://root@127.0.0.1:3306';
const total = 200_000;

/** A file of records into a table, ten thousand in a transaction. */
export const job = {
  title: 'NDJSON file → mapping → MariaDB (200,000 rows)',
  byHand: { 'prepared, 1000 rows a statement': { script: 'by-hand.ts', goal: 0.9 } },
  async prepare(folder: string) {
    const file = path.join(folder, 'in.ndjson');
    await pipeline(Readable.from(pieces()), createWriteStream(file));
    const name = `cannectors_bench_${randomBytes(6).toString('hex')}`;
    const address = new URL(server);
    address.pathname = `/${name}`;
    const connection = await mysql.createConnection(server);
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`USE ${name}`);
    await connection.query(
      `CREATE TABLE orders (id BIGINT PRIMARY KEY, status VARCHAR(9), amount DECIMAL(12, 2), name VARCHAR(80),
         email VARCHAR(80), \`lines\` TEXT, updated_at DATETIME(6))`,
    );
    return {
      env: { IN: file, DB: address.href },
      async written() {
        const [rows] = await connection.query<RowDataPacket[]>('CHECKSUM TABLE orders EXTENDED');
        return String(rows[0]?.['Checksum']);
      },
      async reset() {
        await connection.query('TRUNCATE orders');
      },
      async close() {
        await connection.query(`DROP DATABASE ${name}`);
        await connection.end();
      },
    };
  },
};

function* pieces(): Generator<string> {
  for (let start = 0; start < total; start += 1000) {
    const lines = Array.from({ length: 1000 }, (_, index) =>
      JSON.stringify(recordOf(start + index)),
    );
    yield `${lines.join('\n')}\n`;
  }
}
