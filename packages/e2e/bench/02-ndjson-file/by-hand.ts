import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const { IN = '', OUT = '' } = process.env;
const lines = createInterface({ input: createReadStream(IN, { highWaterMark: 2 ** 20 }) });
const out = createWriteStream(OUT, { highWaterMark: 2 ** 20 });
let text = '';

lines.on('line', (line) => {
  const record = JSON.parse(line) as {
    status: string;
    amount: number | string;
    customer: { name: string; email: string };
  };
  record.customer.name = record.customer.name.trim();
  record.customer.email = record.customer.email.toLowerCase();
  record.amount = Number.parseInt(String(record.amount), 10);
  if (record.status !== 'paid') return;
  text += `${JSON.stringify(record)}\n`;
  if (text.length < 2 ** 20) return;
  const hasRoom = out.write(text);
  text = '';
  if (hasRoom) return;
  lines.pause();
  out.once('drain', () => lines.resume());
});
await once(lines, 'close');
out.end(text);
await once(out, 'close');
