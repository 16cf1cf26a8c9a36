import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Json } from '@cannectors/core';
import { alternate } from '@cannectors/testkit/bench';
import { describeDatabase } from '@cannectors/testkit/databases';
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BulkMode, connector, type Database, type Session } from '../src/index.ts';
import { batchesOf, columns, forever, settings, tolerance } from './shared.ts';

const total = 100_000;
const perBatch = 10_000;
const batches = batchesOf(total, perBatch);

/** The server takes no `Z`: somebody who writes by hand has to see to it too. */
function byHandRow([id, name, email, amount, created, active]: readonly Json[]): unknown[] {
  return [id, name, email, amount, (created as string).slice(0, -1), active];
}

/** As the file for `LOAD DATA` wants it. */
const cell = (value: unknown): string => String(typeof value === 'boolean' ? Number(value) : value);

describeDatabase('mysql', (place) => {
  let database: Database;
  let session: Session;
  let client: Connection;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cannectors-bench-'));
    const lines = batches.flat().map((row) => `${byHandRow(row).map(cell).join('\t')}\n`);
    await writeFile(path.join(folder, 'rows.tsv'), lines.join(''));
    await place.query(
      `CREATE TABLE \`rows\` (id BIGINT PRIMARY KEY, name VARCHAR(80), email VARCHAR(80),
         amount DECIMAL(12, 2), created DATETIME(6), active BOOLEAN)`,
    );
    database = await connector(
      { ...settings, connectionString: place.connectionString },
      settings,
    ).open(forever);
    session = await database.acquire(forever);
    client = await mysql.createConnection(place.connectionString);
  });
  afterAll(async () => {
    await client.end();
    await session.release();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const emptied = (way: () => Promise<unknown>) => async () => {
    await client.query('TRUNCATE `rows`');
    await way();
  };

  async function kit(mode: BulkMode, given: readonly (readonly Json[][])[]): Promise<void> {
    const key = mode === 'insert' ? [] : ['id'];
    const bulk = await session.bulk({ table: 'rows', columns, mode, key }, forever);
    for (const rows of given) {
      await session.command('BEGIN', forever);
      await bulk.write(rows, forever);
      await session.command('COMMIT', forever);
    }
  }

  /** What performance.md found to be the fastest by hand: prepared, a thousand rows a statement. */
  async function prepared(tail: string): Promise<void> {
    const size = 1000;
    const list = Array(size).fill('(?, ?, ?, ?, ?, ?)').join(', ');
    const statement = `INSERT INTO \`rows\` (${columns.join(', ')}) VALUES ${list} ${tail}`;
    for (const rows of batches) {
      await client.beginTransaction();
      for (let start = 0; start < rows.length; start += size) {
        const values = rows.slice(start, start + size).flatMap(byHandRow);
        await client.execute(statement, values as string[]);
      }
      await client.commit();
    }
  }

  async function asText(): Promise<void> {
    for (const rows of batches) {
      await client.beginTransaction();
      for (let start = 0; start < rows.length; start += 1000) {
        const some = rows.slice(start, start + 1000).map(byHandRow);
        await client.query(`INSERT INTO \`rows\` (${columns.join(', ')}) VALUES ?`, [some]);
      }
      await client.commit();
    }
  }

  async function loadData(): Promise<void> {
    const { hostname, port, username, password, pathname } = new URL(place.connectionString);
    const file = path.join(folder, 'rows.tsv');
    const child = spawn(
      'mysql',
      [
        '--local-infile',
        `--host=${hostname}`,
        `--port=${port || '3306'}`,
        `--user=${username}`,
        `--password=${password}`,
        pathname.slice(1),
        `--execute=LOAD DATA LOCAL INFILE '${file}' INTO TABLE \`rows\``,
      ],
      { stdio: 'ignore' },
    );
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  }

  it('inserts like statements of many rows by hand', { timeout: 600_000 }, async () => {
    const times = await alternate(
      {
        kit: emptied(() => kit('insert', batches)),
        'prepared by hand, 1000 rows': emptied(() => prepared('')),
        'VALUES ? by hand, 1000 rows': emptied(asText),
        'LOAD DATA LOCAL, one transaction': emptied(loadData),
      },
      7,
    );

    console.log('100 000 rows, 10 000 a transaction; times of the kit (goal 0.9):', times);
    expect(times['prepared by hand, 1000 rows']).toBeGreaterThan(0.9 * tolerance);
    expect(times['VALUES ? by hand, 1000 rows']).toBeGreaterThan(0.9 * tolerance);
  });

  it('inserts far faster than row by row', { timeout: 600_000 }, async () => {
    const rows = batches[0]?.slice(0, 4000) ?? [];
    const insert = `INSERT INTO \`rows\` (${columns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`;
    const times = await alternate(
      {
        kit: emptied(() => kit('insert', [rows])),
        'row by row, each committed': emptied(async () => {
          for (const row of rows) await client.execute(insert, byHandRow(row) as string[]);
        }),
      },
      3,
    );

    console.log('4000 rows; times of the kit (goal 20):', times);
    expect(times['row by row, each committed']).toBeGreaterThan(20 * tolerance);
  });

  it('upserts like statements of many rows by hand', { timeout: 600_000 }, async () => {
    const tail = `ON DUPLICATE KEY UPDATE ${columns.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
    const times = await alternate(
      {
        kit: () => kit('upsert', batches),
        'prepared by hand, 1000 rows': () => prepared(tail),
      },
      7,
    );

    console.log('100 000 rows, 10 000 a transaction; times of the kit (goal 0.9):', times);
    expect(times['prepared by hand, 1000 rows']).toBeGreaterThan(0.9 * tolerance);
  });

  it('updates far faster than row by row', { timeout: 600_000 }, async () => {
    const [rows = []] = batches;
    const changed = columns.slice(1).map((name) => `${name} = ?`);
    const update = `UPDATE \`rows\` SET ${changed.join(', ')} WHERE id = ?`;
    await emptied(() => kit('insert', [rows]))();
    let turn = 0;
    // Every turn changes every row: a row that stays as it is costs nothing.
    const other = (): Json[][] => {
      turn++;
      return rows.map(([id, name, ...rest]) => [id ?? 0, `${name as string} ${turn}`, ...rest]);
    };
    const times = await alternate(
      {
        kit: () => kit('update', [other()]),
        'row by row, one transaction': async () => {
          await client.beginTransaction();
          for (const row of other()) {
            const [id, ...rest] = byHandRow(row);
            await client.execute(update, [...rest, id] as string[]);
          }
          await client.commit();
        },
      },
      5,
    );

    console.log('10 000 rows in one transaction; times of the kit (goal 4):', times);
    expect(times['row by row, one transaction']).toBeGreaterThan(4 * tolerance);
  });
});
