import { alternate } from '@cannectors/testkit/bench';
import { describeDatabase } from '@cannectors/testkit/databases';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connector, type Database, type Session } from '../src/index.ts';
import { forever, settings } from './shared.ts';

const total = 300_000;

describeDatabase('postgres', (place) => {
  let database: Database;
  let session: Session;
  let client: Client;

  beforeAll(async () => {
    await place.query(
      `CREATE TABLE rows AS SELECT n AS id, 'Customer ' || n AS name,
         'customer' || n || '@example.com' AS email, n * 1.25::numeric(12, 2) AS amount,
         now() + n * interval '1 s' AS created, n % 2 = 0 AS active
       FROM generate_series(1, ${total}) AS n`,
    );
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

  const blocks = (text: string, values: number[]) => async () => {
    let count = 0;
    for await (const { records } of session.blocks({ text, values }, 1000, forever)) {
      count += records.length;
    }
    expect(count).toBe(total);
  };

  it('reads a table', { timeout: 600_000 }, async () => {
    const times = await alternate(
      {
        COPY: blocks('SELECT * FROM rows', []),
        'a portal': blocks('SELECT * FROM rows WHERE id > $1', [0]),
        'DECLARE and FETCH by hand': async () => {
          let count = 0;
          await client.query('BEGIN');
          await client.query('DECLARE c NO SCROLL CURSOR FOR SELECT * FROM rows');
          for (;;) {
            const { rows } = await client.query('FETCH 1000 FROM c');
            count += rows.length;
            if (rows.length < 1000) break;
          }
          await client.query('COMMIT');
          expect(count).toBe(total);
        },
      },
      7,
    );

    console.log('300 000 rows in blocks of 1000; times of COPY:', times);
    expect(times['a portal']).toBeGreaterThan(1);
    expect(times['DECLARE and FETCH by hand']).toBeGreaterThan(times['a portal'] ?? 1);
  });
});
