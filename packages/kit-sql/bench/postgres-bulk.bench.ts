import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { Json } from '@cannectors/core';
import { alternate } from '@cannectors/testkit/bench';
import { describeDatabase } from '@cannectors/testkit/databases';
import { Client } from 'pg';
import { from } from 'pg-copy-streams';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BulkMode, connector, type Database, type Session } from '../src/index.ts';
import { batchesOf, columns, forever, settings, tolerance } from './shared.ts';

const total = 500_000;
const perBatch = 10_000;

/** By hand nobody looks for tabs in the values. */
const lineOf = (row: readonly Json[]): string => `${(row as string[]).join('\t')}\n`;

const batches = batchesOf(total, perBatch);

describeDatabase('postgres', (place) => {
  let database: Database;
  let session: Session;
  let client: Client;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cannectors-bench-'));
    await writeFile(path.join(folder, 'rows.tsv'), batches.flat().map(lineOf).join(''));
    await place.query(
      `CREATE TABLE rows (id bigint PRIMARY KEY, name text, email text, amount numeric(12, 2),
         created timestamptz, active boolean)`,
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
    await rm(folder, { recursive: true });
  });
  beforeEach(() => place.query('TRUNCATE rows'));

  const emptied = (way: () => Promise<unknown>) => async () => {
    await client.query('TRUNCATE rows');
    await way();
  };

  async function kit(mode: BulkMode, count = batches.length): Promise<void> {
    const key = mode === 'insert' ? [] : ['id'];
    const bulk = await session.bulk({ table: 'rows', columns, mode, key }, forever);
    for (const rows of batches.slice(0, count)) {
      await session.command('BEGIN', forever);
      await bulk.write(rows, forever);
      await session.command('COMMIT', forever);
    }
  }

  async function copyByHand(some = batches): Promise<void> {
    for (const rows of some) {
      await client.query('BEGIN');
      const stream = client.query(from(`COPY rows (${columns.join(', ')}) FROM STDIN`));
      let text = '';
      for (const row of rows) {
        text += lineOf(row);
        if (text.length < 65_536) continue;
        if (!stream.write(text)) await once(stream, 'drain');
        text = '';
      }
      stream.end(text);
      await finished(stream);
      await client.query('COMMIT');
    }
  }

  async function psqlCopy(): Promise<void> {
    const command = `\\copy rows from '${path.join(folder, 'rows.tsv')}'`;
    const child = spawn('psql', [place.connectionString, '-c', command], { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  }

  it('inserts like COPY by hand', { timeout: 600_000 }, async () => {
    const times = await alternate(
      {
        kit: emptied(() => kit('insert')),
        'COPY by hand': emptied(() => copyByHand()),
        'psql \\copy, one transaction': emptied(psqlCopy),
      },
      5,
    );

    console.log('500 000 rows, 10 000 a transaction; times of the kit:', times);
    expect(times['COPY by hand']).toBeGreaterThan(0.9 * tolerance);
    expect(times['psql \\copy, one transaction']).toBeGreaterThan(0.6 * tolerance);
  });

  it('inserts far faster than row by row', { timeout: 600_000 }, async () => {
    const some = batches.slice(0, 3);
    const insert = `INSERT INTO rows (${columns.join(', ')}) VALUES ($1, $2, $3, $4, $5, $6)`;
    let next = 0;
    const renumbered = (way: () => Promise<void>) => async () => {
      for (const row of some.flat()) row[0] = next++;
      await way();
    };
    const times = await alternate(
      {
        kit: renumbered(() => kit('insert', some.length)),
        'COPY by hand': renumbered(() => copyByHand(some)),
        'row by row, one transaction': renumbered(async () => {
          await client.query('BEGIN');
          for (const row of some.flat()) await client.query(insert, row);
          await client.query('COMMIT');
        }),
      },
      5,
    );

    const { 'row by row, one transaction': rowByRow = 0, 'COPY by hand': copy = 1 } = times;
    console.log('30 000 rows (goal 30); times of the kit:', times);
    // How quickly the server answers a single row sets the limit, and COPY by hand shows it.
    expect(rowByRow).toBeGreaterThan(Math.min(30, rowByRow / copy) * tolerance);
  });

  it('upserts like UNNEST by hand', { timeout: 600_000 }, async () => {
    const upsert = `INSERT INTO rows (${columns.join(', ')})
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[], $5::timestamptz[], $6::boolean[])
      ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, email = EXCLUDED.email,
        amount = EXCLUDED.amount, created = EXCLUDED.created, active = EXCLUDED.active`;
    const byHand = (size: number) => async () => {
      for (const rows of batches.slice(0, 10)) {
        await client.query('BEGIN');
        for (let start = 0; start < rows.length; start += size) {
          const some = rows.slice(start, start + size);
          await client.query(
            upsert,
            columns.map((_, index) => some.map((row) => row[index])),
          );
        }
        await client.query('COMMIT');
      }
    };
    const times = await alternate(
      {
        kit: () => kit('upsert', 10),
        'UNNEST by hand, 10 000 rows': byHand(10_000),
        'UNNEST by hand, 1000 rows': byHand(1000),
      },
      7,
    );

    console.log('100 000 rows, 10 000 a transaction; times of the kit:', times);
    expect(times['UNNEST by hand, 10 000 rows']).toBeGreaterThan(0.9 * tolerance);
    expect(times['UNNEST by hand, 1000 rows']).toBeGreaterThan(0.9 * tolerance);
  });
});
