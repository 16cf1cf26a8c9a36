import type { ConnectionConfig } from '../config.ts';
import type { Database, ValueOptions } from '../database.ts';

/** What a driver needs beside the address. */
export type DriverSettings = ValueOptions &
  Pick<
    ConnectionConfig,
    | 'maxOpenConns'
    | 'maxIdleConns'
    | 'connMaxLifetimeSeconds'
    | 'connMaxIdleTimeSeconds'
    | 'timeoutMs'
  >;

/**
 * What the module of a driver exports: opens a database and checks one connection.
 *
 * @throws `sql.connect`, `sql.driver-missing`
 */
export type Connect = (
  connectionString: string,
  settings: DriverSettings,
  signal: AbortSignal,
) => Promise<Database>;
