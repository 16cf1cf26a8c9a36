import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ValueOptions } from '../../database.ts';
import { partsOf } from '../../statement/placeholders.ts';
import type { Pooled } from '../pool.ts';
import type { SqliteAddress } from './address.ts';
import { type RowReader, rowReader } from './row-reader.ts';

/** A compiled statement, and how its rows become records. */
export interface Prepared {
  readonly statement: StatementSync;
  /** To be made when a first row was read: only then SQLite sees what others have changed. */
  reader(this: void): RowReader;
}

/** One open connection, with the statements it has compiled. */
export interface Connection extends Pooled {
  readonly db: DatabaseSync;
  /** Compiles a statement for one use, as one that rows are read of while others run. */
  prepare(text: string): Prepared;
  /** The same, kept for the next use. */
  prepared(text: string): Prepared;
  /** To be called when the connection is lent: others may have changed the tables. */
  refresh(): void;
}

/**
 * Opens a connection and looks into the file. It never waits for a lock, which would stop the whole
 * process: see `lock.ts`.
 */
export function openConnection(address: SqliteAddress, options: ValueOptions): Connection {
  const db = opened(address);
  const inode = inodeOf(address);
  const known = new Map<string, Prepared>();
  let schema = 0;

  const connection: Connection = {
    db,
    prepare: (text) => compiled(db, text, options),
    prepared(text) {
      const kept = known.get(text);
      if (kept !== undefined) return kept;
      if (known.size >= 100) known.clear();
      const made = compiled(db, text, options);
      // What changes tables changes the columns of the others.
      if (/^\s*(?:alter|attach|create|detach|drop|pragma|vacuum)\b/i.test(text)) known.clear();
      else known.set(text, made);
      return made;
    },
    refresh() {
      const version = schemaVersion(db);
      if (version !== schema) known.clear();
      schema = version;
    },
    // Who has put another file in the place of this one means that one.
    isWell: () => db.isOpen && inodeOf(address) === inode,
    close() {
      known.clear();
      if (db.isOpen) db.close();
    },
  };
  return connection;
}

function opened({ location, file, isReadOnly }: SqliteAddress): DatabaseSync {
  if (file !== undefined && !existsSync(path.dirname(file))) {
    throw new Error(`there is no folder ${path.dirname(file)}`);
  }
  const isNew = file !== undefined && !isReadOnly && !(statSize(file) > 0);
  const db = handle(location, file);
  try {
    // Readers do not stop writers then. A file that exists keeps the mode that its owner has chosen.
    if (isNew) db.exec('PRAGMA journal_mode = WAL');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function handle(location: string, file: string | undefined): DatabaseSync {
  try {
    return new DatabaseSync(location, { timeout: 0 });
  } catch (error) {
    // SQLite does not say which one.
    if (error instanceof Error && file !== undefined) error.message += ` ${file}`;
    throw error;
  }
}

function compiled(db: DatabaseSync, text: string, options: ValueOptions): Prepared {
  const statement = db.prepare(text);
  // SQLite would run the first one and pass over the others.
  if (!isBlank(text.slice(statement.sourceSQL.length))) {
    throw new Error('there is more than one statement');
  }
  let reader: RowReader | undefined;
  if (statement.columns().length > 0) {
    statement.setReturnArrays(true);
    // A tenth slower than without, but no digit is lost, and none is an error in mid-result.
    statement.setReadBigInts(true);
  }
  return { statement, reader: () => (reader ??= rowReader(statement.columns(), options)) };
}

/** Nothing but white space, comments and semicolons. */
function isBlank(sql: string): boolean {
  let rest = sql;
  for (const { kind, from, to } of [...partsOf(sql, 'sqlite')].toReversed()) {
    if (kind === 'comment' || kind === 'semicolon') rest = rest.slice(0, from) + rest.slice(to);
  }
  return rest.trim() === '';
}

function schemaVersion(db: DatabaseSync): number {
  try {
    return Number(db.prepare('PRAGMA schema_version').get()?.['schema_version']);
  } catch {
    // Somebody is about to commit: it may be anything.
    return Number.NaN;
  }
}

function statSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function inodeOf({ file }: SqliteAddress): string {
  if (file === undefined) return '';
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? 'gone' : `${stats.dev}:${stats.ino}`;
}
