import process from 'node:process';
import { Pool } from 'undici';
import { sendAll } from './lanes.ts';

const pool = new Pool(process.env['API'] ?? '', { connections: 64 });
const headers = { 'content-type': 'application/json' };
await sendAll(async (record) => {
  const { statusCode, body } = await pool.request({
    path: `/orders/${encodeURIComponent(record.id)}`,
    method: 'POST',
    headers,
    body: JSON.stringify(record),
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(String(statusCode));
});
await pool.close();
