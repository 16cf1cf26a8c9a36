import { expect, it } from 'vitest';
import { parseJson } from '../src/index.ts';

const page = JSON.stringify(
  Array.from({ length: 1000 }, (_, id) => ({
    id,
    name: `Customer ${id}`,
    email: `customer${id}@example.com`,
    phone: '0033123456789012',
    amount: id * 1.5,
    customer: { tier: 'gold', address: { city: 'Paris', zip: '75001' } },
    lines: [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ],
    note: 'some longer text, as records have it '.repeat(3),
  })),
);
const large = page.replaceAll('"id":', '"id":9007199254740993');

it('costs next to nothing where no number is large', async ({ bench }) => {
  const result = await bench.compare(
    bench('JSON.parse', () => JSON.parse(page) as unknown),
    bench('parseJson', () => parseJson(page)),
    bench('parseJson, every record with a large number', () => parseJson(large)),
  );

  expect(result.get('parseJson').latency.min).toBeLessThan(
    1.3 * result.get('JSON.parse').latency.min,
  );
});
