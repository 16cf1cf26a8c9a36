import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import mysql from 'mysql2/promise';

const { IN = '', DB = '' } = process.env;
const perStatement = 1000;
const perTransaction = 10_000;
const statement =
  'INSERT INTO orders (id, status, amount, name, email, `lines`, updated_at) VALUES ' +
  Array(perStatement).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ');

const connection = await mysql.createConnection({ uri: DB, timezone: 'Z' });
await connection.query("SET time_zone = '+00:00'");
const lines = createInterface({ input: createReadStream(IN, { highWaterMark: 2 ** 20 }) });
let rows: (string | number)[][] = [];
let writing = Promise.resolve();

lines.on('line', (line) => {
  const record = JSON.parse(line) as {
    id: number;
    status: string;
    amount: string;
    customer: { name: string; email: string };
    lines: unknown[];
    updatedAt: string;
  };
  rows.push([
    record.id,
    record.status,
    record.amount,
    record.customer.name.trim(),
    record.customer.email.toLowerCase(),
    JSON.stringify(record.lines),
    record.updatedAt.slice(0, -1),
  ]);
  if (rows.length < perTransaction) return;
  const full = rows;
  rows = [];
  lines.pause();
  writing = writing.then(() => write(full)).then(() => void lines.resume());
});
await once(lines, 'close');
await writing;
if (rows.length > 0) await write(rows);
await connection.end();

async function write(given: readonly (string | number)[][]): Promise<void> {
  await connection.beginTransaction();
  for (let start = 0; start < given.length; start += perStatement) {
    await connection.execute(statement, given.slice(start, start + perStatement).flat());
  }
  await connection.commit();
}
