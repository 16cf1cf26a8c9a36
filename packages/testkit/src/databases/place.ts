import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';

/** An empty place in a database, for the tests of one `describe`. */
export interface DatabasePlace {
  readonly driver: 'postgres' | 'mysql' | 'sqlite';
  /** Leads to the place: tables without a schema are made and found in it. */
  readonly connectionString: string;
  /**
   * Runs statements over a connection of its own, and gives the rows of the last. Dates, decimals and
   * integers of 64 bits are text, in the form of the database.
   */
  readonly query: (...statements: string[]) => Promise<Record<string, unknown>[]>;
}

/** Opens a connection, runs statements and gives the rows of the last. */
export type Run = (
  address: string,
  statements: readonly string[],
) => Promise<Record<string, unknown>[]>;

/** The server of a database does not answer. */
export class Unreachable extends Error {
  constructor(variable: string, address: string, cause: unknown) {
    const reason =
      cause instanceof Error ? cause.message || String(Reflect.get(cause, 'code')) : '';
    super(`${address} of ${variable} does not answer (${reason})`, { cause });
  }
}

/** A name that no other test has. */
export function freshName(): string {
  return `cannectors_test_${randomBytes(6).toString('hex')}`;
}

/** @throws `Unreachable` */
export async function checkServer(run: Run, address: string, variable: string): Promise<void> {
  try {
    await run(address, ['SELECT 1']);
  } catch (error) {
    throw new Unreachable(variable, address, error);
  }
}

/** Makes the place before the tests that are being described, and drops it after them. */
export function around(make: () => Promise<unknown>, drop: () => Promise<unknown>): void {
  beforeAll(make);
  afterAll(drop);
}
