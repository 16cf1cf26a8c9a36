import { itemOf, type JsonRecord } from '@cannectors/core';
import { completeConfig, fakeContext } from '@cannectors/testkit';
import { alternate } from '@cannectors/testkit/bench';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { beforeAll, expect, it } from 'vitest';
import plugin from '../src/index.ts';

const total = 50_000;
const { signal } = new AbortController();
/** How far below its goal a ratio may be on a loaded machine before it is a failure. */
const tolerance = 0.75;

describeDatabase('postgres', (place) => measured(place, 8));
describeDatabase('mysql', (place) => measured(place, 8));
// A query of SQLite is a call of a function: there is no way to the server that could be saved.
describeDatabase('sqlite', (place) => measured(place, 1));

function measured({ driver, connectionString, query }: DatabasePlace, goal: number): void {
  beforeAll(async () => {
    await query(
      'CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(80), email varchar(80), tier varchar(10))',
    );
    for (let at = 0; at < total; at += 5000) {
      const rows = Array.from({ length: 5000 }, (_, index) => at + index).map(
        (id) => `(${id}, 'Customer ${id}', 'customer${id}@example.com', 'gold')`,
      );
      await query(`INSERT INTO customers VALUES ${rows.join(', ')}`);
    }
    if (driver !== 'sqlite') await query(`ANALYZE ${driver === 'mysql' ? 'TABLE ' : ''}customers`);
  });

  it(`looks ${total} records up`, async () => {
    const base = {
      connectionString,
      parameters: ['record.customer.id'],
      mergeStrategy: 'append',
      resultKey: 'buyer',
    };
    const alone = await filterOf({
      ...base,
      query: 'SELECT id, name, email, tier FROM customers WHERE id = $1',
    });
    const together = await filterOf({
      ...base,
      query: 'SELECT id, name, email, tier FROM customers WHERE id IN ($1)',
      lookup: { key: ['id'] },
    });

    const times = await alternate(
      {
        'many at a time': () => together(),
        'one by one': () => alone(),
      },
      driver === 'mysql' ? 3 : 5,
    );

    console.log(`${driver}: times of many at a time:`, times);
    expect(times['one by one']).toBeGreaterThan(goal * tolerance);
  }, 600_000);
}

/** Runs all records through a filter, and sees to it that each has its row. */
async function filterOf(config: JsonRecord): Promise<() => Promise<void>> {
  const context = fakeContext();
  const filter = plugin.create((await completeConfig(plugin, config)) as never, context);
  await filter.open?.(signal);
  return async () => {
    const items = Array.from({ length: total }, (_, index) =>
      itemOf({ order: index, customer: { id: (index * 7919) % total }, status: 'paid' }),
    );
    if ('batch' in filter) {
      await filter.batch(items, signal, (_index, fault) => {
        throw fault;
      });
    } else for (const [index, item] of items.entries()) await filter.each(item, signal, index);
    const isRight = ({ record }: (typeof items)[number]): boolean =>
      (record['buyer'] as JsonRecord)['id'] === (record['customer'] as JsonRecord)['id'];
    if (!items.every(isRight)) throw new Error('a record has the row of another');
  };
}
