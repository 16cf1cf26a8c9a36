import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Sends every record of the file, 64 at a time. */
export async function sendAll(send: (record: { id: number }) => Promise<void>): Promise<void> {
  const lines = readFileSync(process.env['IN'] ?? '', 'utf8')
    .trimEnd()
    .split('\n');
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < lines.length) await send(JSON.parse(lines[next++] ?? '') as { id: number });
  };
  await Promise.all(Array.from({ length: 64 }, lane));
}
