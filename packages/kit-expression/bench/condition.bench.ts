import { expect, it } from 'vitest';
import { condition } from '../src/index.ts';

interface Order {
  readonly [name: string]: unknown;
  readonly status: string;
  readonly amount: number;
}

/** Records of eight shapes, as sources send them. */
const orders = Array.from({ length: 1000 }, (_, index): Order => {
  const record = {
    [`key${index % 8}`]: index,
    id: index,
    status: index % 3 === 0 ? 'open' : 'paid',
    amount: index % 200,
    customer: { name: 'Ada', country: index % 2 === 0 ? 'FR' : 'DE' },
    tags: ['new', 'gift'],
  };
  return JSON.parse(JSON.stringify(record)) as Order;
});

// The runner turns every import into a getter, which would be measured too.
const compile = condition;
const compiled = compile('status == "paid" && amount > 100', '/expression');
const byHand = (record: Order) => record.status === 'paid' && record.amount > 100;

it('is at least a quarter as fast as the same condition written by hand', async ({ bench }) => {
  const result = await bench.compare(
    bench('compiled', () => countOf(compiled)),
    bench('by hand', () => countOf(byHand)),
  );

  const ratio = result.get('by hand').latency.min / result.get('compiled').latency.min;
  expect(ratio).toBeGreaterThan(0.25);
});

// In a process with many pipelines the engine inlines nothing any more, of either side.
it('keeps half of that beside the expressions of other pipelines', async ({ bench }) => {
  const others = [
    'customer.country in ["FR", "BE"] and key1 != nil',
    'any(tags, # == "gift") or len(tags) > 3',
    'id >= 10 && customer?.name startsWith "A"',
    'not (status == "open") and amount * 2 < 300',
    '(customer.country ?? "") matches "^[A-Z]{2}$"',
  ].map((source) => compile(source, '/expression'));
  for (const other of others) for (const order of orders) other(order);

  const result = await bench.compare(
    bench('compiled', () => countOf(compiled)),
    bench('by hand', () => countOf(byHand)),
  );

  const ratio = result.get('by hand').latency.min / result.get('compiled').latency.min;
  expect(ratio).toBeGreaterThan(0.125);
});

function countOf(holds: (order: Order) => boolean): number {
  let count = 0;
  for (const order of orders) if (holds(order)) count += 1;
  return count;
}
