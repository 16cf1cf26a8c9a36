import type { Json, JsonRecord } from '@cannectors/core';

export type Driver = 'postgres' | 'mysql' | 'sqlite';

/** A value of a placeholder. Objects and lists are JSON text by then. */
export type SqlValue = string | number | bigint | boolean | null;

/** A statement in the words of its driver, with the values of its placeholders in their order. */
export interface Bound {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * An open database: its connections, counted and reused. Made by `openDatabase`, which has checked
 * one of them.
 */
export interface Database {
  readonly driver: Driver;
  /** The connection string without its secrets, for logs and previews. */
  readonly target: string;
  /** Lends a connection; waits while all of them are taken. @throws `sql.connect` */
  acquire(signal: AbortSignal): Promise<Session>;
  /** Closes every connection. Twice is once. */
  close(): Promise<void>;
}

/**
 * One connection, for as long as it is needed.
 *
 * Every call throws a `Fault` made by `sqlFault`: it is classified, holds the statement but none of
 * its values, and `retry` says whether the same call may succeed later. A call is bounded by
 * `timeoutMs` (`sql.timeout`), and ends soon after its signal aborts.
 */
export interface Session {
  /** Runs a command that has neither values nor rows: `BEGIN`, `SAVEPOINT one`, `COMMIT`. */
  command(text: string, signal: AbortSignal): Promise<void>;
  /** Runs one statement and gives all its rows. A statement without rows gives none. */
  rows(statement: Bound, signal: AbortSignal): Promise<Block>;
  /** Reads the rows of one statement in blocks, through a cursor on the server: memory stays flat. */
  blocks(statement: Bound, size: number, signal: AbortSignal): AsyncIterable<Block>;
  /**
   * Runs statements in order, prepared and, where the driver can, without waiting for each answer.
   * Gives for each the number of rows that it changed, or its fault.
   */
  run(
    statements: readonly Bound[],
    onFailure: OnFailure,
    signal: AbortSignal,
  ): Promise<(number | Error)[]>;
  /**
   * Makes a table ready for writing many rows: asks the database for the types of its columns, and
   * compiles the fastest safe way.
   *
   * @throws `sql.no-table`, `sql.no-column`
   */
  bulk(plan: BulkPlan, signal: AbortSignal): Promise<Bulk>;
  /** Makes a table unless it is there. `key` becomes the primary key. */
  createTable(
    table: string,
    columns: readonly NewColumn[],
    key: readonly string[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Gives the connection back. One that broke, or is inside a transaction, is closed instead. */
  release(): Promise<void>;
}

/**
 * What `run` does after a statement that failed.
 *
 * `stop`: the answer ends with the fault, and what stands behind it was not run. `continue`: the
 * later statements run, outside a transaction each committed by itself; PostgreSQL refuses them inside
 * one. `savepoint`: inside a transaction each statement has a savepoint, so that a failed one leaves
 * nothing behind and the others stay.
 */
export type OnFailure = 'stop' | 'continue' | 'savepoint';

/** Rows of a result. Of two columns with one name the last wins. */
export interface Block {
  readonly records: JsonRecord[];
  /** Columns that hold instants. Their values have every digit: `inSeconds` drops the fractions. */
  readonly instants: readonly string[];
}

/** How values of the database become JSON. */
export interface ValueOptions {
  readonly int64: 'exact' | 'string' | 'number';
  readonly binary: 'text' | 'base64';
}

export type BulkMode = 'insert' | 'upsert' | 'update' | 'delete';

export interface BulkPlan {
  /** `name` or `schema.name`, as the user writes it: not quoted. */
  readonly table: string;
  /** Also those of `key`. */
  readonly columns: readonly string[];
  readonly mode: BulkMode;
  /** Empty for `insert`. */
  readonly key: readonly string[];
}

/** Writes rows into one table over one session. */
export interface Bulk {
  /**
   * Writes rows, the values in the order of the columns of the plan, inside the transaction that the
   * caller has begun. Of rows with the same key the last wins. After a fault nothing of the
   * call counts: the caller rolls back to where it was.
   */
  write(rows: readonly (readonly Json[])[], signal: AbortSignal): Promise<void>;
}

/** What a column of a new table holds. Each driver has a type of its own for it. */
export interface NewColumn {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'boolean' | 'text' | 'instant' | 'json';
  /** Rows without a value were seen. */
  readonly nullable: boolean;
}
