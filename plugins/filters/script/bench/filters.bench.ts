import {
  type BatchFilter,
  type Context,
  type Item,
  itemOf,
  type JsonRecord,
} from '@cannectors/core';
import { alternate } from '@cannectors/testkit/bench';
import { afterAll, expect, it } from 'vitest';
import javascript from '../../javascript/src/index.ts';
import script from '../src/index.ts';

const count = 1000;
const batches = 20;
const { signal } = new AbortController();
const context = { log: { debug() {}, info() {}, warn() {}, error() {} } } as unknown as Context;
const refuse = (): never => expect.unreachable();

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

interface Order {
  total: number;
  name: string;
  seen?: boolean;
}

function edit(order: Order): Order {
  order.total *= 2;
  order.name = order.name.toUpperCase();
  order.seen = true;
  return order;
}

const filters = {
  script: script.create(
    { script: `${edit.toString()}; const transform = edit;` },
    context,
  ) as BatchFilter,
  javascript: javascript.create(
    { inline: `${edit.toString()}; const processBatch = (events) => events.map(edit);` },
    context,
  ) as BatchFilter,
};
afterAll(async () => {
  for (const filter of Object.values(filters)) await filter.close?.();
});

const itemsOf = (): Item[] => records.map((record) => itemOf(record));

/** The same function without a boundary: a copy as JSON goes in, and a copy comes out. */
async function inProcess(): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const items = itemsOf();
    const text = JSON.stringify(items.map(({ record }) => record));
    const made = JSON.stringify((JSON.parse(text) as Order[]).map(edit));
    for (const [index, record] of (JSON.parse(made) as JsonRecord[]).entries()) {
      (items[index] as Item).record = record;
    }
  }
}

/** Batches of which so many are in the filter at any time, as a pipeline does with `maxInflight`. */
async function through(filter: BatchFilter, atOnce: number): Promise<void> {
  const under: Promise<unknown>[] = [];
  for (let batch = 0; batch < batches; batch++) {
    if (under.length === atOnce) await under.shift();
    under.push(Promise.resolve(filter.batch(itemsOf(), signal, refuse)));
  }
  await Promise.all(under);
}

it('edits records, two batches at a time, at least 0.7 times as fast as a copy as JSON in and out', async () => {
  const times = await alternate(
    {
      'in process': inProcess,
      'script, one batch at a time': () => through(filters.script, 1),
      'javascript, one batch at a time': () => through(filters.javascript, 1),
      'script, two batches at a time': () => through(filters.script, 2),
      'javascript, two batches at a time': () => through(filters.javascript, 2),
    },
    15,
  );

  const speeds = Object.fromEntries(Object.entries(times).map(([way, time]) => [way, 1 / time]));
  console.log('times as fast as in process:', speeds);
  expect(speeds['script, two batches at a time']).toBeGreaterThan(0.7);
  expect(speeds['javascript, two batches at a time']).toBeGreaterThan(0.7);
}, 300_000);
