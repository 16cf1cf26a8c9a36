import type { Json, JsonRecord } from '@cannectors/core';
import { expect, it } from 'vitest';
import { recordPath, targetPath } from '../src/index.ts';

const records = Array.from({ length: 1000 }, (_, id): JsonRecord => ({
  id,
  customer: { name: 'Ada', address: { city: 'Paris' } },
  lines: [{ sku: 'A' }, { sku: 'B' }],
}));

/** One round over all records: the clock costs more than a single look. */
function each(work: (record: JsonRecord) => Json | undefined | void): () => number {
  return () => {
    let found = 0;
    for (const record of records) if (work(record) !== undefined) found++;
    return found;
  };
}

it('is compiled once, not per record', async ({ bench }) => {
  const path = targetPath('customer.tier', '/target');

  const result = await bench.compare(
    bench(
      'once',
      each((record) => path.set(record, 'gold')),
    ),
    bench(
      'per record',
      each((record) => targetPath('customer.tier', '/target').set(record, 'gold')),
    ),
  );

  expect(result.get('once').latency.mean * 3).toBeLessThan(result.get('per record').latency.mean);
});

it('reads the short shapes faster than the loop does', async ({ bench }) => {
  const [one, two, three, indexed] = [
    'id',
    'customer.name',
    'customer.address.city',
    'lines[1].sku',
  ].map((source) => recordPath(source, '/source'));

  const result = await bench.compare(
    bench(
      'by hand',
      each((record) => (record['customer'] as JsonRecord)['name']),
    ),
    bench(
      'one key',
      each((record) => one?.get(record)),
    ),
    bench(
      'two keys',
      each((record) => two?.get(record)),
    ),
    bench(
      'three keys',
      each((record) => three?.get(record)),
    ),
    bench(
      'with an index',
      each((record) => indexed?.get(record)),
    ),
  );

  expect(result.get('two keys').latency.mean * 2).toBeLessThan(
    result.get('three keys').latency.mean,
  );
});
