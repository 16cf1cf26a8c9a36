import process from 'node:process';
import { sendAll } from './lanes.ts';

const headers = { 'content-type': 'application/json' };
await sendAll(async (record) => {
  const response = await fetch(`${process.env['API']}/orders/${encodeURIComponent(record.id)}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(record),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(String(response.status));
});
