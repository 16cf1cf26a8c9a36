import { alternate } from '@cannectors/testkit/bench';
import { describeDatabase } from '@cannectors/testkit/databases';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connector, type Database, type OnFailure, type Session } from '../src/index.ts';
import { forever, settings, tolerance } from './shared.ts';

const count = 5000;
const text = 'INSERT INTO rows VALUES ($1, $2, $3, $4)';
const statements = Array.from({ length: count }, (_, id) => ({
  text,
  values: [id, `customer${id}@example.com`, id * 1.25, '2026-07-26T10:00:00Z'],
}));

describeDatabase('postgres', (place) => {
  let database: Database;
  let session: Session;
  let client: Client;

  beforeAll(async () => {
    await place.query('CREATE TABLE rows (id bigint, email text, amount numeric, at timestamptz)');
    database = await connector(
      { ...settings, connectionString: place.connectionString },
      settings,
    ).open(forever);
    session = await database.acquire(forever);
    client = new Client({ connectionString: place.connectionString });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await session.release();
    await database.close();
  });

  const inOne = (onFailure: OnFailure) => async () => {
    await session.command('BEGIN', forever);
    await session.run(statements, onFailure, forever);
    await session.command('COMMIT', forever);
  };
  const awaited = (name?: string) => async () => {
    await client.query('BEGIN');
    for (const { values } of statements) {
      await client.query({ text, values, ...(name !== undefined && { name }) });
    }
    await client.query('COMMIT');
  };

  it('sends statements without waiting for each', { timeout: 600_000 }, async () => {
    const times = await alternate(
      {
        run: inOne('stop'),
        'run, with savepoints': inOne('savepoint'),
        'awaited, prepared': awaited('insert'),
        'awaited, not prepared': awaited(),
        'awaited, prepared, with savepoints': async () => {
          await client.query('BEGIN');
          for (const { values } of statements) {
            await client.query('SAVEPOINT one');
            await client.query({ name: 'insert', text, values });
            await client.query('RELEASE SAVEPOINT one');
          }
          await client.query('COMMIT');
        },
      },
      7,
    );

    console.log('5000 inserts in one transaction; times of run:', times);
    expect(times['awaited, prepared']).toBeGreaterThan(2.5 * tolerance);
    expect(times['awaited, prepared, with savepoints']).toBeGreaterThan(
      2.5 * tolerance * (times['run, with savepoints'] ?? 1),
    );
  });
});
