// Reads files with the plugin and as one would by hand, in turn, and prints for each how its time
// compares with the hand-written one: the median over the rounds. A process of its own, since the
// runner of the tests makes every call between modules slower.
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Context, JsonRecord } from '@cannectors/core';
import { rowText } from '@cannectors/kit-csv';
import { textOf } from '@cannectors/kit-record';
import { parse } from 'csv-parse';
import { file } from '../src/file.ts';

const rounds = 9;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-input-file-'));
const place = (name: string): string => path.join(folder, name);

const records = Array.from({ length: 50_000 }, (_, id) => ({
  id,
  status: ['paid', 'open', 'void'][id % 3] ?? '',
  amount: ((id * 7) % 100_000) / 100,
  note: `Some text that says a thing or two about the "order" ${id}, as texts do.`,
  lines: [
    { sku: `S-${id % 900}`, quantity: id % 9, price: 9.99 },
    { sku: `S-${id % 901}`, quantity: id % 7, price: 19.5 },
  ],
}));

const byHand: Record<string, () => number | Promise<number>> = {
  'a.ndjson': async () => {
    let count = 0;
    const lines = createInterface({ input: createReadStream(place('a.ndjson')) });
    lines.on('line', (line) => {
      if ((JSON.parse(line) as JsonRecord)['id'] !== undefined) count++;
    });
    await new Promise((resolve) => lines.once('close', resolve));
    return count;
  },
  'a.json': () => (JSON.parse(readFileSync(place('a.json'), 'utf8')) as unknown[]).length,
  'a.csv': async () => {
    let count = 0;
    const rows = createReadStream(place('a.csv')).pipe(parse({ columns: true }));
    for await (const row of rows as AsyncIterable<JsonRecord>) {
      if (row['id'] !== undefined) count++;
    }
    return count;
  },
};

async function byPlugin(name: string): Promise<number> {
  const silent = (): void => undefined;
  const context = {
    log: { debug: silent, info: silent, warn: silent, error: silent },
    limits: { maxRecordBytes: 2 ** 24, maxPageBytes: 2 ** 24 },
    file: place,
  } as unknown as Context;
  const input = file({ path: name, csv: { delimiter: ',', header: true } }, context);
  let count = 0;
  const { signal } = new AbortController();
  for await (const { items } of input.read({ signal })) count += items.length;
  return count;
}

async function timeOf(task: () => number | Promise<number>): Promise<number> {
  // Processor time: it says the same on a busy machine.
  const start = process.cpuUsage();
  const count = await task();
  const { user, system } = process.cpuUsage(start);
  if (count === records.length) return user + system;
  throw new Error(`Expected ${records.length} records, got ${count}.`);
}

try {
  writeFileSync(place('a.ndjson'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  writeFileSync(place('a.json'), JSON.stringify(records));
  const rows = [
    Object.keys(records[0] ?? {}),
    ...records.map((one) => Object.values(one).map(textOf)),
  ];
  writeFileSync(place('a.csv'), rows.map((row) => rowText(row, ',')).join(''));

  const result: Record<string, number> = {};
  for (const [name, hand] of Object.entries(byHand)) {
    const ratios: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const [ours, theirs] = [await timeOf(() => byPlugin(name)), await timeOf(hand)];
      if (round >= 0) ratios.push(ours / theirs);
    }
    result[name] = ratios.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
  }
  process.stdout.write(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true });
}
