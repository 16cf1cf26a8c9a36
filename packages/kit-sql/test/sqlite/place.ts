import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  Block,
  Bound,
  Database,
  Session,
  SqlValue,
  ValueOptions,
} from '../../src/database.ts';
import type { DriverSettings } from '../../src/drivers/driver.ts';
import { connect } from '../../src/drivers/sqlite.ts';

export const { signal } = new AbortController();

const usual: DriverSettings = {
  maxOpenConns: 10,
  maxIdleConns: 5,
  connMaxLifetimeSeconds: 1800,
  connMaxIdleTimeSeconds: 300,
  timeoutMs: 30_000,
  int64: 'exact',
  binary: 'text',
};

/** A path in a folder that is there for one test. */
export async function freshFile(name = 'test.db'): Promise<string> {
  const folder = path.join(tmpdir(), `cannectors-test-${randomUUID()}`);
  await mkdir(folder);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return path.join(folder, name);
}

export async function open(
  connectionString: string,
  settings: Partial<DriverSettings & ValueOptions> = {},
): Promise<Database> {
  const database = await connect(connectionString, { ...usual, ...settings }, signal);
  onTestFinished(() => database.close());
  return database;
}

/** A session on a new file, which is given back when the test is over. */
export async function session(settings: Partial<DriverSettings> = {}): Promise<Session> {
  return await sessionOn(await freshFile(), settings);
}

export async function sessionOn(
  address: string,
  settings: Partial<DriverSettings> = {},
): Promise<Session> {
  const database = await open(address, settings);
  const lent = await database.acquire(signal);
  onTestFinished(() => lent.release());
  return lent;
}

export function sql(text: string, ...values: SqlValue[]): Bound {
  return { text, values };
}

export async function all(lent: Session, text: string, ...values: SqlValue[]) {
  const { records } = await lent.rows(sql(text, ...values), signal);
  return records;
}

export async function blocksOf(blocks: AsyncIterable<Block>): Promise<Block[]> {
  const found: Block[] = [];
  for await (const block of blocks) found.push(block);
  return found;
}
