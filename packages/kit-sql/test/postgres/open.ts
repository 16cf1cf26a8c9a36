import { type Fault, isFault } from '@cannectors/core';
import type { DatabasePlace } from '@cannectors/testkit/databases';
import { onTestFinished } from 'vitest';
import type { Database, Session, SqlValue } from '../../src/database.ts';
import type { DriverSettings } from '../../src/drivers/driver.ts';
import { connect } from '../../src/drivers/postgres.ts';

export const never: AbortSignal = new AbortController().signal;

/** Opens a place with the defaults of a module; it is closed after the test. */
export async function open(
  { connectionString }: Pick<DatabasePlace, 'connectionString'>,
  settings: Partial<DriverSettings> = {},
): Promise<Database> {
  const database = await connect(
    connectionString,
    {
      maxOpenConns: 10,
      maxIdleConns: 5,
      connMaxLifetimeSeconds: 1800,
      connMaxIdleTimeSeconds: 300,
      timeoutMs: 30_000,
      int64: 'exact',
      binary: 'text',
      ...settings,
    },
    never,
  );
  onTestFinished(() => database.close());
  return database;
}

/** Takes a connection; it is given back after the test, before the database is closed. */
export async function lent(database: Database): Promise<Session> {
  const session = await database.acquire(never);
  onTestFinished(() => session.release());
  return session;
}

export async function openSession(
  place: Pick<DatabasePlace, 'connectionString'>,
  settings?: Partial<DriverSettings>,
): Promise<Session> {
  return lent(await open(place, settings));
}

/** Gives the fault that a call ends with. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isFault(error)) throw new Error(`Not a fault: ${String(error)}`);
  return error;
}

/** Row counts as they are, faults by their code. */
export function told(answers: readonly (number | Error)[]): (number | string)[] {
  return answers.map((answer) => {
    if (typeof answer === 'number') return answer;
    return isFault(answer) ? answer.code : String(answer);
  });
}

export function statement(text: string, ...values: SqlValue[]) {
  return { text, values };
}

/** All records of a statement, read in blocks. */
export async function read(
  session: Session,
  text: string,
  values: readonly SqlValue[] = [],
  size = 100,
) {
  const sizes: number[] = [];
  const records = [];
  for await (const block of session.blocks({ text, values }, size, never)) {
    sizes.push(block.records.length);
    records.push(...block.records);
  }
  return { records, sizes };
}
