import process from 'node:process';
import { Pool } from 'undici';

/** What the hand-written scripts of this job share: the client, and the work on a record. */

export interface Order {
  status: string;
  amount: number | string;
  customer: { name: string; email: string };
}

export interface Page {
  readonly pages: number;
  readonly records: Order[];
}

const pool = new Pool(process.env['API'] ?? '', { connections: 2 });

export async function fetchPage(page: number): Promise<Page> {
  const { statusCode, body } = await pool.request({ path: `/records?page=${page}`, method: 'GET' });
  if (statusCode !== 200) throw new Error(`page ${page}: ${statusCode}`);
  return (await body.json()) as Page;
}

export function transform(records: readonly Order[]): Order[] {
  const out: Order[] = [];
  for (const record of records) {
    record.customer.name = record.customer.name.trim();
    record.customer.email = record.customer.email.toLowerCase();
    record.amount = Number.parseInt(String(record.amount), 10);
    if (record.status === 'paid') out.push(record);
  }
  return out;
}

export async function send(records: readonly Order[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { statusCode, body } = await pool.request({
    path: '/sink',
    method: 'POST',
    headers,
    body: JSON.stringify(records),
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(`sink: ${statusCode}`);
}

export async function close(): Promise<void> {
  await pool.close();
}
