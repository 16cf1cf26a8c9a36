import type { JsonRecord } from '@cannectors/core';
import { type PluginExample, testInput } from '@cannectors/testkit';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { describe } from 'vitest';
import plugin from '../src/index.ts';

/** Rows as the suite gives them: `id` and `name`. */
async function fill({ query }: DatabasePlace, records: readonly JsonRecord[]): Promise<void> {
  await query(
    'DROP TABLE IF EXISTS things',
    'CREATE TABLE things (id integer PRIMARY KEY, name varchar(200))',
  );
  for (let at = 0; at < records.length; at += 500) {
    const rows = records.slice(at, at + 500) as { id: number; name: string }[];
    const values = rows.map(({ id, name }) => `(${id}, '${name}')`);
    await query(`INSERT INTO things VALUES ${values.join(', ')}`);
  }
}

const base = {
  query: 'SELECT id, name FROM things WHERE id > COALESCE($1, 0) ORDER BY id',
  statePersistence: { id: { enabled: true, field: 'id' } },
  fetchSize: 10,
};

const ways: Readonly<Record<string, JsonRecord>> = {
  'the whole result': base,
  'in the order of the cursor': {
    ...base,
    statePersistence: { ...base.statePersistence, ordered: true },
  },
  'page by page': {
    ...base,
    query: 'SELECT id, name FROM things WHERE id > $1 ORDER BY id LIMIT $2',
    parameters: ['pagination.cursor ?? state.id ?? 0', 'pagination.limit'],
    pagination: { type: 'cursor', cursorField: 'id', limit: 7 },
  },
};

describeDatabase('sqlite', suites);
describeDatabase('postgres', suites);
describeDatabase('mysql', suites);

function suites(place: DatabasePlace): void {
  const { connectionString } = place;
  describe.each(Object.entries(ways))('%s', (_title, config) => {
    testInput(plugin, import.meta.url, {
      config: { connectionString, ...config },
      arrange: (records) => fill(place, records),
      example: (example) => exampleIn(place, example),
    });
  });
}

interface Customer {
  readonly id: number;
  readonly email: string;
  readonly country?: string;
}

/** The table that the examples read. */
async function exampleIn(
  { connectionString, query }: DatabasePlace,
  { config, given }: PluginExample,
) {
  await query(
    'DROP TABLE IF EXISTS customers',
    'CREATE TABLE customers (id integer, email varchar(200), country varchar(2))',
  );
  for (const { id, email, country = 'DE' } of given as unknown as Customer[]) {
    await query(`INSERT INTO customers VALUES (${id}, '${email}', '${country}')`);
  }
  return { config: { ...config, connectionString } };
}
