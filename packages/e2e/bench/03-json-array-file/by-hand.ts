import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import process from 'node:process';
import { streamArray } from 'stream-json/streamers/stream-array.js';

interface Order {
  status: string;
  amount: number | string;
  customer: { name: string; email: string };
}

const { IN = '', OUT = '' } = process.env;
// Its fast setting: values come whole, not piece by piece.
const fast = { packValues: true, streamValues: false };
const orders = createReadStream(IN, { highWaterMark: 2 ** 20 }).pipe(
  streamArray.withParserAsStream(fast),
);
const out = createWriteStream(OUT, { highWaterMark: 2 ** 20 });
let text = '';

for await (const { value: record } of orders as AsyncIterable<{ value: Order }>) {
  record.customer.name = record.customer.name.trim();
  record.customer.email = record.customer.email.toLowerCase();
  record.amount = Number.parseInt(String(record.amount), 10);
  if (record.status !== 'paid') continue;
  text += `${JSON.stringify(record)}\n`;
  if (text.length < 2 ** 20) continue;
  if (!out.write(text)) await once(out, 'drain');
  text = '';
}
out.end(text);
await once(out, 'close');
