import type { JsonRecord } from '@cannectors/core';
import { type PluginExample, testOutput } from '@cannectors/testkit';
import { type DatabasePlace, describeDatabase } from '@cannectors/testkit/databases';
import { describe } from 'vitest';
import plugin from '../src/index.ts';

const identity = {
  postgres: 'seq integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  mysql: 'seq integer AUTO_INCREMENT PRIMARY KEY',
  sqlite: 'seq integer PRIMARY KEY',
};

/** A table that remembers the order of arrival, and refuses one record. */
async function arrange(place: DatabasePlace, refused: unknown = 0): Promise<void> {
  await place.query(
    'DROP TABLE IF EXISTS things',
    `CREATE TABLE things (${identity[place.driver]}, id integer, name varchar(200), CHECK (id <> ${String(refused)}))`,
  );
}

async function arrived(place: DatabasePlace): Promise<JsonRecord[]> {
  return (await place.query('SELECT id, name FROM things ORDER BY seq')) as JsonRecord[];
}

/** The table of the examples, empty; the one that makes it finds none. */
async function exampleIn(place: DatabasePlace, { config }: PluginExample) {
  await place.query('DROP TABLE IF EXISTS orders');
  if (config['createTable'] !== true) {
    await place.query(
      'CREATE TABLE orders (id integer, customer varchar(200), total double precision)',
    );
  }
  return {
    config: { ...config, connectionString: place.connectionString },
    observe: async () => {
      const rows = (await place.query('SELECT * FROM orders ORDER BY id')) as JsonRecord[];
      // A column that was made for whole numbers has 64 bits.
      return rows.map((row) => ({ ...row, id: Number(row['id']) }));
    },
  };
}

const forms: Readonly<Record<string, JsonRecord>> = {
  'a statement for each record': {
    query: 'INSERT INTO things (id, name) VALUES ($1, $2)',
    parameters: ['record.id', 'record.name'],
  },
  'a statement for each record, in a transaction': {
    query: 'INSERT INTO things (id, name) VALUES ($1, $2)',
    parameters: ['record.id', 'record.name'],
    transaction: true,
    savepoints: true,
  },
  'in bulk': { table: 'things' },
};

describeDatabase('sqlite', suites);
describeDatabase('postgres', suites);
describeDatabase('mysql', suites);

function suites(place: DatabasePlace): void {
  describe.each(Object.entries(forms))('%s', (_, form) => {
    testOutput(plugin, import.meta.url, {
      config: { connectionString: place.connectionString, ...form },
      arrange: () => arrange(place),
      observe: () => arrived(place),
      refuse: ({ id }) => arrange(place, id),
      example: (example) => exampleIn(place, example),
    });
  });
}
