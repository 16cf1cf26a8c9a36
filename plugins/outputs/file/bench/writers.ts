// Writes records with the plugin and as one would by hand, in turn, and prints how its processor time
// compares with the hand-written one: the median over the rounds. A process of its own, since the
// runner of the tests makes every call between modules slower.
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type Context, itemOf } from '@cannectors/core';
import { file } from '../src/file.ts';

const rounds = 9;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-output-file-'));
const place = path.join(folder, 'a.ndjson');

const items = Array.from({ length: 50_000 }, (_, id) =>
  itemOf({
    id,
    status: ['paid', 'open', 'void'][id % 3] ?? '',
    amount: ((id * 7) % 100_000) / 100,
    note: `Some text that says a thing or two about the "order" ${id}, as texts do.`,
    lines: [
      { sku: `S-${id % 900}`, quantity: id % 9, price: 9.99 },
      { sku: `S-${id % 901}`, quantity: id % 7, price: 19.5 },
    ],
  }),
);

async function byHand(): Promise<void> {
  const out = createWriteStream(place);
  let text = '';
  for (const { record } of items) {
    text += `${JSON.stringify(record)}\n`;
    if (text.length < 2 ** 20) continue;
    out.write(text);
    text = '';
  }
  out.end(text);
  await finished(out);
}

async function byPlugin(): Promise<void> {
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const csv = { delimiter: ',', header: true };
  const output = file({ path: place, mode: 'append', csv }, { log } as unknown as Context);
  const { signal } = new AbortController();
  await output.open?.(signal);
  await output.write({ items, seq: 0, attempt: 1, failFast: true }, signal);
  await output.close?.();
}

async function timeOf(task: () => Promise<void>): Promise<number> {
  rmSync(place, { force: true });
  const start = process.cpuUsage();
  await task();
  const { user, system } = process.cpuUsage(start);
  if (statSync(place).size < 10_000_000) throw new Error('The file is not complete.');
  return user + system;
}

try {
  const ratios: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const [ours, theirs] = [await timeOf(byPlugin), await timeOf(byHand)];
    if (round >= 0) ratios.push(ours / theirs);
  }
  process.stdout.write(String(ratios.toSorted((a, b) => a - b)[rounds >> 1]));
} finally {
  rmSync(folder, { recursive: true });
}
