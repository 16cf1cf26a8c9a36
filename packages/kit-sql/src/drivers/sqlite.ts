import type { Database } from '../database.ts';
import { cancelled, notConnected } from '../faults.ts';
import { maskedAddress } from '../masking.ts';
import type { Connect } from './driver.ts';
import { pool } from './pool.ts';
import { readAddress } from './sqlite/address.ts';
import { type Connection, openConnection } from './sqlite/connection.ts';
import { lockOf } from './sqlite/lock.ts';
import { sessionOf } from './sqlite/session.ts';

/**
 * Opens a SQLite database with what is built into Node.js.
 *
 * Its calls keep the process busy while SQLite works, so they work in short pieces and wait for
 * locks outside of SQLite. `timeoutMs` bounds the wait for a lock, and the reading of rows between two of
 * them; one step of SQLite cannot be stopped.
 *
 * @throws `sql.bad-address`, `sql.connect`, `sql.cancelled`
 */
export const connect: Connect = async (connectionString, settings, signal) => {
  const address = readAddress(connectionString);
  const { timeoutMs } = settings;
  const lock = lockOf(timeoutMs);
  // Every connection to memory would be a database of its own.
  const isInMemory = address.file === undefined;
  const limits = isInMemory ? { ...settings, ...onlyOne } : settings;
  const connections = pool<Connection>(
    async (waiting) => lock.whenFree(() => openConnection(address, settings), waiting),
    limits,
  );
  const take = async (waiting: AbortSignal): Promise<Connection> => {
    try {
      return await connections.take(waiting);
    } catch (error) {
      throw waiting.aborted ? cancelled(waiting.reason) : notConnected(error, 'sqlite');
    }
  };
  connections.give(await take(signal));

  return {
    driver: 'sqlite',
    target: maskedAddress(connectionString),
    async acquire(waiting) {
      const connection = await take(waiting);
      connection.refresh();
      const source = { connection, lock, timeoutMs };
      return sessionOf(source, settings, () => connections.give(connection));
    },
    async close() {
      connections.close();
    },
  } satisfies Database;
};

const onlyOne = {
  maxOpenConns: 1,
  maxIdleConns: 1,
  connMaxLifetimeSeconds: Infinity,
  connMaxIdleTimeSeconds: Infinity,
};
