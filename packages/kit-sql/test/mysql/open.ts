import { onTestFinished } from 'vitest';
import type { Database, Session } from '../../src/database.ts';
import type { DriverSettings } from '../../src/drivers/driver.ts';
import { connect } from '../../src/drivers/mysql.ts';

export const never = new AbortController().signal;

const settings: DriverSettings = {
  int64: 'exact',
  binary: 'text',
  maxOpenConns: 5,
  maxIdleConns: 2,
  connMaxLifetimeSeconds: 1800,
  connMaxIdleTimeSeconds: 300,
  timeoutMs: 20_000,
};

/** Opens a database until the test is over. */
export async function opened(
  connectionString: string,
  changes: Partial<DriverSettings> = {},
): Promise<Database> {
  const database = await connect(connectionString, { ...settings, ...changes }, never);
  onTestFinished(() => database.close());
  return database;
}

/** Opens a database and lends a connection of it until the test is over. */
export async function session(
  connectionString: string,
  changes: Partial<DriverSettings> = {},
): Promise<Session> {
  const database = await opened(connectionString, changes);
  const lent = await database.acquire(never);
  onTestFinished(() => lent.release());
  return lent;
}

/** The code of the fault that something ends with. */
export async function codeOf(task: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([task]);
  return result.status === 'rejected' ? Reflect.get(result.reason as object, 'code') : 'none';
}
