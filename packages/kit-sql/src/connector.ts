import process from 'node:process';
import type { ConnectionConfig } from './config.ts';
import type { Database, Driver, ValueOptions } from './database.ts';
import { driverOf } from './driver-of.ts';
import type { Connect } from './drivers/driver.ts';
import { driverMissing, noAddress, unknownDriver } from './faults.ts';
import { maskedAddress } from './masking.ts';

/** The way of a module to its database. Nothing is open yet. */
export interface Connector {
  /**
   * Where it leads; opens nothing.
   *
   * @throws `sql.no-address`, `sql.unknown-driver`
   */
  address(): Address;
  /**
   * Opens the database and checks one connection.
   *
   * @throws `sql.connect`, `sql.driver-missing` and what `address` throws
   */
  open(signal: AbortSignal): Promise<Database>;
}

export interface Address {
  readonly driver: Driver;
  /** The address as a preview shows it: without its secrets unless they are asked for. */
  target(this: void, showCredentials: boolean): string;
}

/**
 * Makes the way to a database. Nothing is checked here: the address may be `${X}` until the module is started.
 *
 * @see spec/connectors/database.md, section 2
 */
export function connector(config: ConnectionConfig, values: ValueOptions): Connector {
  const { maxOpenConns, maxIdleConns, connMaxLifetimeSeconds, connMaxIdleTimeSeconds, timeoutMs } =
    config;
  const settings = {
    maxOpenConns,
    maxIdleConns,
    connMaxLifetimeSeconds,
    connMaxIdleTimeSeconds,
    timeoutMs,
    int64: values.int64,
    binary: values.binary,
  };

  return {
    address() {
      const connectionString = connectionStringOf(config);
      return {
        driver: driverFor(config, connectionString),
        target: (showCredentials) =>
          showCredentials ? connectionString : maskedAddress(connectionString),
      };
    },
    async open(signal) {
      const connectionString = connectionStringOf(config);
      const connect = await connectOf(driverFor(config, connectionString));
      return connect(connectionString, settings, signal);
    },
  };
}

function connectionStringOf({ connectionString, connectionStringRef }: ConnectionConfig): string {
  if (connectionString !== undefined) return connectionString;
  const name = connectionStringRef?.slice(2, -1) ?? '';
  const value = process.env[name];
  if (value === undefined || value === '') throw noAddress(name);
  return value;
}

function driverFor({ driver, connectionStringRef }: ConnectionConfig, address: string): Driver {
  const found = driver ?? driverOf(address);
  if (found !== undefined) return found;
  throw unknownDriver(
    connectionStringRef === undefined ? '/connectionString' : '/connectionStringRef',
  );
}

/** A driver is loaded with the first connection: nobody pays for those that are not used. */
async function connectOf(driver: Driver): Promise<Connect> {
  switch (driver) {
    case 'postgres':
      return (await loaded(() => import('./drivers/postgres.ts'), driver, 'pg')).connect;
    case 'mysql':
      return (await loaded(() => import('./drivers/mysql.ts'), driver, 'mysql2')).connect;
    case 'sqlite':
      return (await import('./drivers/sqlite.ts')).connect;
  }
}

async function loaded<Module>(
  load: () => Promise<Module>,
  driver: Driver,
  library: string,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error, library)) throw driverMissing(driver, library, error);
    throw error;
  }
}

function isMissing(error: unknown, library: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${library}'`)
  );
}
