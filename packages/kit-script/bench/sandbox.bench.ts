import type { JsonRecord, Log } from '@cannectors/core';
import { alternate } from '@cannectors/testkit/bench';
import { afterAll, expect, it } from 'vitest';
import { batchSandbox, limitsOf, recordSandbox, recordText } from '../src/index.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
const limits = limitsOf();
const { signal } = new AbortController();
const count = 1000;
const batches = 20;

const records: JsonRecord[] = Array.from({ length: count }, (_, id) => ({
  id,
  name: `Ada Lovelace ${id}`,
  email: `user${id}@example.com`,
  total: 12.5 + id,
  tags: ['a', 'b', 'c'],
  address: { street: '12 St James Square', city: 'London', zip: 'SW1Y 4JH', country: 'GB' },
  note: 'x'.repeat(200),
  lines: [
    { sku: 'SKU-1', quantity: 2 },
    { sku: 'SKU-2', quantity: 3 },
  ],
}));
const texts = records.map((record) => recordText(record).text);
const work = { texts, isExact: false, signal };

interface Order {
  id: number;
  name: string;
  total: number;
  seen?: boolean;
}

function edit(order: Order): Order {
  order.total *= 2;
  order.name = order.name.toUpperCase();
  order.seen = true;
  return order;
}

function compute(order: Order): Order {
  let sum = 0;
  for (let n = 0; n < 200_000; n++) sum = (sum + Math.imul(n ^ order.id, 2654435761)) | 0;
  order.total = sum;
  return order;
}

const script = (text: string) => ({ text, name: 'inline', isModule: false });
const transform = recordSandbox({
  script: script(`${edit.toString()}; const transform = edit;`),
  limits,
  log,
});
const processBatch = batchSandbox({
  script: script(`${edit.toString()}; const processBatch = (events) => events.map(edit);`),
  limits,
  log,
});
const heavy = recordSandbox({
  script: script(`${compute.toString()}; const transform = compute;`),
  limits,
  log,
});
afterAll(() => {
  for (const sandbox of [transform, processBatch, heavy]) sandbox.close();
});

/** The same function without a boundary: a copy as JSON goes in, and a copy comes out. */
function inProcess(change: (order: Order) => Order, given: readonly JsonRecord[]): JsonRecord[] {
  const copies = JSON.parse(JSON.stringify(given)) as Order[];
  return JSON.parse(JSON.stringify(copies.map(change))) as JsonRecord[];
}

/** Several batches, two of which are in the sandbox at any time. */
async function twoAtOnce(run: () => Promise<unknown>): Promise<void> {
  let before = run();
  for (let batch = 1; batch < batches; batch++) {
    const next = run();
    await before;
    before = next;
  }
  await before;
}

function speedsOf(times: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([way, time]) => [way, 1 / time]));
}

const settled = (): void => {};
const indexes = records.map((_, index) => index);
const transformed = () => transform.run({ ...work, indexes, life: 1, settled });

it('carries records over at least 0.7 times as fast as a copy as JSON in and out', async () => {
  const times = await alternate(
    {
      'in process': async () => {
        for (let batch = 0; batch < batches; batch++) inProcess(edit, records);
      },
      processBatch: () => twoAtOnce(() => processBatch.run(work)),
      transform: () => twoAtOnce(transformed),
    },
    15,
  );

  const speeds = speedsOf(times);
  console.log('times as fast as in process:', speeds);
  expect(speeds['processBatch']).toBeGreaterThan(0.7);
  expect(speeds['transform']).toBeGreaterThan(0.7);
}, 300_000);

it('costs its host less CPU time than the copies would', async () => {
  const spent = async (task: () => Promise<void> | void): Promise<number> => {
    const before = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const least = { host: Infinity, copies: Infinity };
  for (let round = 0; round < 10; round++) {
    const host = await spent(() => twoAtOnce(() => processBatch.run(work)));
    const copies = await spent(() => {
      for (let batch = 0; batch < batches; batch++) inProcess(edit, records);
    });
    least.host = Math.min(least.host, host);
    least.copies = Math.min(least.copies, copies);
  }

  console.log('CPU time of the host beside that of the copies:', least.host / least.copies);
  expect(least.host / least.copies).toBeLessThan(0.9);
}, 300_000);

it('computes at least 0.8 times as fast as the same function in process', async () => {
  const few = { texts: texts.slice(0, 200), isExact: false, signal };

  const times = await alternate(
    {
      'in process': async () => void inProcess(compute, records.slice(0, 200)),
      transform: () => heavy.run({ ...few, indexes, life: 1, settled }),
    },
    31,
  );

  const speeds = speedsOf(times);
  console.log('times as fast as in process:', speeds);
  expect(speeds['transform']).toBeGreaterThan(0.8);
}, 300_000);
