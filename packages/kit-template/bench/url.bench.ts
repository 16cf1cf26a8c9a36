import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type * as Kit from '../src/index.ts';

// Loaded by Node itself: in the module runner of vitest every look at an import costs as much as
// what is measured.
const { template } = createRequire(import.meta.url)('../src/index.ts') as typeof Kit;

const records = Array.from({ length: 1000 }, (_, id) => ({
  id: `order ${id}`,
  customer: { email: `ada+${id}@example.com`, name: 'Ada' },
}));
const numbered = records.map(({ customer }, id) => ({ id, customer }));
const source = 'https://x/{{ record.id }}/y?z={{ record.customer.email }}';

/** One round over all records: the clock costs more than a single text. */
function each<Given>(list: readonly Given[], work: (record: Given) => string): () => number {
  return () => {
    let length = 0;
    for (const record of list) length += work(record).length;
    return length;
  };
}

it('costs at most two and a half times what is written by hand', async ({ bench }) => {
  const url = template(source, 'url', '/endpoint');
  const statement = template(`{% if true %}${source}{% endif %}`, 'url', '/endpoint');

  const result = await bench.compare(
    bench(
      'by hand',
      each(
        records,
        ({ id, customer: { email } }) =>
          `https://x/${encodeURIComponent(id)}/y?z=${encodeURIComponent(email)}`,
      ),
    ),
    bench(
      'template',
      each(records, (record) => url.render({ record })),
    ),
    bench(
      'template with a statement',
      each(records, (record) => statement.render({ record })),
    ),
    bench(
      'compiled for each record',
      each(records, (record) => {
        return template(source, 'url', '/endpoint').render({ record });
      }),
    ),
  );

  expect(ratio(result)).toBeGreaterThan(0.4);
});

it('is close where nothing has to be escaped too', async ({ bench }) => {
  const url = template(source, 'url', '/endpoint');

  const result = await bench.compare(
    bench(
      'by hand',
      each(
        numbered,
        ({ id, customer: { name } }) =>
          `https://x/${encodeURIComponent(id)}/y?z=${encodeURIComponent(name)}`,
      ),
    ),
    bench(
      'template',
      each(numbered, (record) => url.render({ record })),
    ),
  );

  expect(ratio(result)).toBeGreaterThan(0.3);
});

interface Result {
  get(name: 'by hand' | 'template'): { readonly latency: { readonly min: number } };
}

function ratio(result: Result): number {
  return result.get('by hand').latency.min / result.get('template').latency.min;
}
