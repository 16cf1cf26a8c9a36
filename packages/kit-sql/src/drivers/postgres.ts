// PostgreSQL through `pg`. Nothing else imports that package, so it is loaded with the first connection.
import { Client as PgClient, type ClientBase, type ClientConfig, Pool } from 'pg';
import type { Database } from '../database.ts';
import { cancelled, notConnected } from '../faults.ts';
import { maskedAddress } from '../masking.ts';
import type { Connect, DriverSettings } from './driver.ts';
import { postgresAddress } from './postgres/address.ts';
import { cancelRequest } from './postgres/cancel.ts';
import { session } from './postgres/session.ts';
import type { Client } from './postgres/wire.ts';

/** Opens a PostgreSQL database and checks one connection. */
export const connect: Connect = async (connectionString, settings, signal) => {
  const { config, tls } = postgresAddress(connectionString);
  const [first, second] = tls;
  const open = (ssl: typeof first) =>
    checked(database({ ...config, ssl }, connectionString, settings), signal);
  try {
    return await open(first);
  } catch (error) {
    if (second === undefined || !wantsOther(error)) throw error;
    return open(second);
  }
};

async function checked(opened: Database, signal: AbortSignal): Promise<Database> {
  try {
    const session = await opened.acquire(signal);
    await session.release();
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The server has no TLS, or has a rule for connections with or without it only. */
function wantsOther(error: unknown): boolean {
  return error instanceof Error && /does not support SSL|no pg_hba\.conf entry/.test(error.message);
}

/** The forms in which values are read here, whatever the server or the user's role prefer. */
function setUp(client: ClientBase): Promise<unknown> {
  return client.query(
    `SET datestyle = ISO; SET intervalstyle = postgres; SET extra_float_digits = 1;
     SET bytea_output = hex; SET standard_conforming_strings = on`,
  );
}

function database(
  config: ClientConfig,
  connectionString: string,
  settings: DriverSettings,
): Database {
  const { timeoutMs, int64, binary, maxIdleConns } = settings;
  const pool = new Pool({
    Client: clientOf({
      ...config,
      connectionTimeoutMillis: Math.min(config.connectionTimeoutMillis ?? timeoutMs, timeoutMs),
    }),
    max: settings.maxOpenConns,
    idleTimeoutMillis: settings.connMaxIdleTimeSeconds * 1000,
    maxLifetimeSeconds: settings.connMaxLifetimeSeconds,
    // The pool waits for what it returns.
    onConnect: (client): unknown => setUp(client),
  });
  // An idle connection that breaks is replaced when it is needed.
  pool.on('error', () => {});
  let closed: Promise<void> | undefined;
  const options = {
    timeoutMs,
    int64,
    binary,
    cancel: cancelRequest(config),
    giveBack(client: Client, isUsable: boolean) {
      client.release(!isUsable || pool.idleCount >= maxIdleConns);
    },
  };

  return {
    driver: 'postgres',
    target: maskedAddress(connectionString),
    acquire: async (signal) => session(await lend(pool, signal), options),
    close: () => (closed ??= pool.end()),
  };
}

/**
 * A client that gives up connecting after a time. The pool would count the wait for its turn too, and
 * hides the password in its options from a copy.
 */
function clientOf(config: ClientConfig): new () => PgClient {
  return class extends PgClient {
    constructor() {
      super(config);
    }
  };
}

/** Takes a connection from the pool. One that comes after an abort goes back. */
async function lend(pool: Pool, signal: AbortSignal): Promise<Client> {
  if (signal.aborted) throw cancelled(signal.reason);
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(cancelled(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  const lent = pool.connect();
  try {
    return (await Promise.race([lent, aborted.promise])) as unknown as Client;
  } catch (error) {
    lent.then(
      (client) => client.release(),
      () => {},
    );
    throw notConnected(error, 'postgres');
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
