import type { ConnectionConfig } from '../config.ts';
import type { Database, ValueOptions } from '../database.ts';

/** What a driver needs beside the address. */
export interface DriverSettings
  extends
    ValueOptions,
    Pick<
      ConnectionConfig,
      | 'maxOpenConns'
      | 'maxIdleConns'
      | 'connMaxLifetimeSeconds'
      | 'connMaxIdleTimeSeconds'
      | 'timeoutMs'
    > {
  /** The sessions only `run` statements: they may be sent without waiting for each answer. */
  readonly pipelined: boolean;
}

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
