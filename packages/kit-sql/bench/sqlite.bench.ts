import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { alternate } from '@cannectors/testkit/bench';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Bound, type BulkMode, connector, type Database, type Session } from '../src/index.ts';
import { batchesOf, columns, forever, settings, tolerance } from './shared.ts';

const goal = 0.9;

const total = 50_000;
const perBatch = 5000;

const batches = batchesOf(total, perBatch);

let folder: string;
let database: Database;
let session: Session;
let byHand: DatabaseSync;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cannectors-bench-'));
  const file = path.join(folder, 'bench.db');
  database = await connector({ ...settings, connectionString: file }, settings).open(forever);
  session = await database.acquire(forever);
  await session.command(
    `CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, email TEXT, amount REAL,
       created TIMESTAMP, active BOOLEAN)`,
    forever,
  );
  byHand = new DatabaseSync(file, { timeout: 60_000 });
});
afterAll(async () => {
  byHand.close();
  await session.release();
  await database.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => byHand.exec('DELETE FROM rows'));

async function bulk(mode: BulkMode): Promise<void> {
  const key = mode === 'insert' ? [] : ['id'];
  const writer = await session.bulk({ table: 'rows', columns, mode, key }, forever);
  for (const batch of batches) {
    await session.command('BEGIN', forever);
    await writer.write(batch, forever);
    await session.command('COMMIT', forever);
  }
}

/** What one writes by hand: a prepared statement in a loop, a transaction for each batch. */
async function loop(text: string): Promise<void> {
  const statement = byHand.prepare(text);
  for (const batch of batches) {
    byHand.exec('BEGIN IMMEDIATE');
    for (const [id, name, email, amount, created, active] of batch as [
      number,
      string,
      string,
      number,
      string,
      boolean,
    ][]) {
      statement.run(id, name, email, amount, created, active ? 1 : 0);
    }
    byHand.exec('COMMIT');
  }
}

const insert = `INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)`;
const upsert = `${insert} ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
  amount = excluded.amount, created = excluded.created, active = excluded.active`;

/** Every way begins with the same table. */
const emptied = (way: () => Promise<void>) => async (): Promise<void> => {
  byHand.exec('DELETE FROM rows');
  await way();
};

it('inserts in bulk as fast as a loop by hand', async () => {
  const times = await alternate(
    { bulk: emptied(() => bulk('insert')), loop: emptied(() => loop(insert)) },
    15,
  );

  console.log('SQLite, bulk insert; time of a loop by hand:', times);
  expect(times['loop']).toBeGreaterThan(goal * tolerance);
}, 300_000);

it('upserts in bulk as fast as a loop by hand', async () => {
  await loop(insert);

  const times = await alternate({ bulk: () => bulk('upsert'), loop: () => loop(upsert) }, 15);

  console.log('SQLite, bulk upsert; time of a loop by hand:', times);
  expect(times['loop']).toBeGreaterThan(goal * tolerance);
}, 300_000);

it('runs a statement for each record at two thirds of a loop by hand', async () => {
  const statements = async (): Promise<void> => {
    for (const batch of batches) {
      await session.command('BEGIN', forever);
      const bound = batch.map((values) => ({ text: insert, values }) as Bound);
      await session.run(bound, 'stop', forever);
      await session.command('COMMIT', forever);
    }
  };

  const times = await alternate(
    { statements: emptied(statements), loop: emptied(() => loop(insert)) },
    15,
  );

  console.log('SQLite, a statement for each record; time of a loop by hand:', times);
  expect(times['loop']).toBeGreaterThan(0.66 * tolerance);
}, 300_000);

it('reads not much slower than `iterate` by hand, with every digit', async () => {
  await loop(insert);
  const select = { text: 'SELECT * FROM rows', values: [] };
  const kit = async (): Promise<void> => {
    let count = 0;
    for await (const { records } of session.blocks(select, 1000, forever)) count += records.length;
    expect(count).toBe(total);
  };
  const objects = async (): Promise<void> => {
    let count = 0;
    for (const row of byHand.prepare(select.text).iterate()) count += row['id'] === null ? 0 : 1;
    expect(count).toBe(total);
  };

  const times = await alternate({ kit, objects }, 15);

  console.log('SQLite, reading; time of `iterate` by hand:', times);
  expect(times['objects']).toBeGreaterThan(0.7 * tolerance);
}, 300_000);
