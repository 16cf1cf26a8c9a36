import { type Category, Fault, type FaultOptions, isFault } from '@cannectors/core';
import { driverCode, type FailureKind, failureKind, isAuthentication } from './classification.ts';
import type { Driver } from './database.ts';
import { type Place, placeIn } from './place-in.ts';

/** Nobody can tell from the address which database it leads to. */
export function unknownDriver(pointer: string): Fault {
  return new Fault('sql.unknown-driver', 'cannot detect driver from connection string', {
    category: 'validation',
    hint: 'Set `driver` to `postgres`, `mysql` (also for MariaDB) or `sqlite`.',
    pointer,
  });
}

/** The environment variable that `connectionStringRef` names is unset or empty. */
export function noAddress(variable: string): Fault {
  return new Fault('sql.no-address', `unresolved environment variable(s): ${variable}`, {
    category: 'validation',
    hint: `Set ${variable} to the address of the database.`,
    pointer: '/connectionStringRef',
  });
}

/** The address of a database cannot be read. What stands in it is not shown: it may be a password. */
export function badAddress(driver: Driver, reason: string, cause?: unknown): Fault {
  return new Fault('sql.bad-address', `The address of the \`${driver}\` database ${reason}.`, {
    category: 'validation',
    hint: 'Compare it with the examples of the documentation.',
    pointer: '/connectionString',
    ...(cause !== undefined && { cause }),
  });
}

/** The library that speaks to the database is not installed. */
export function driverMissing(driver: Driver, library: string, cause: unknown): Fault {
  return new Fault(
    'sql.driver-missing',
    `The driver \`${driver}\` needs the package \`${library}\`, which is not installed.`,
    { category: 'validation', hint: `Run \`npm install ${library}\`.`, cause },
  );
}

/** The database cannot be opened: it is not there, or refuses the user. */
export function notConnected(error: unknown, driver: Driver): Fault {
  if (isFault(error)) return error;
  const message = `creating database connection: database connection failed: ping failed: ${textOf(error)}`;
  const isRefused = isAuthentication(error);
  const kind = failureKind(error);
  // What is wrong with a file stays wrong.
  const isAway = kind === 'timeout' || (kind === 'connection' && driver !== 'sqlite');
  return new Fault('sql.connect', message, {
    category: isRefused ? 'authentication' : isAway ? 'network' : 'validation',
    hint: isRefused
      ? 'Check the user and the password of the address.'
      : 'Check the address, and that the database is there.',
    details: { driver, ...codeOf(error) },
    cause: error,
  });
}

/** What was done when a database failed. */
export interface Failed {
  readonly driver: Driver;
  /** `select`: rows were to be read. */
  readonly operation: 'select' | 'exec';
  /** As it was sent, without its values. */
  readonly statement: string;
}

/**
 * Gives the fault for an error that a driver has thrown while it ran a statement. A fault stays as
 * it is.
 *
 * @see spec/connectors/database.md, section 6
 */
export function sqlFault(error: unknown, failed: Failed): Fault {
  if (isFault(error)) return error;
  const place = placeIn(failed.statement, error);
  return faultsByKind[failureKind(error)]({ ...failed, error, place });
}

const ofRecords = new Set(
  ['unique', 'foreign-key', 'not-null', 'check', 'constraint', 'bad-value', 'query'].map(
    (kind) => `sql.${kind}`,
  ),
);

/**
 * Tells whether a statement failed because of the values of a record, so that others may pass. What
 * the database refuses for a reason of its own, such as a trigger, counts as such.
 */
export function isOfRecord(error: unknown): error is Fault {
  return isFault(error) && ofRecords.has(error.code);
}

/** Somebody ended the run while a statement was on its way. */
export function cancelled(reason: unknown): Fault {
  return new Fault('sql.cancelled', 'The statement was cancelled.', {
    category: 'network',
    retry: false,
    cause: reason,
  });
}

/** A statement took longer than `timeoutMs`, reading its rows included, or waited too long for a lock. */
export function timedOut(timeoutMs: number, failed: Failed): Fault {
  return timeout({
    ...failed,
    error: new Error(`timeout: the statement took longer than ${timeoutMs} ms`),
    place: undefined,
  });
}

/** `binary: base64` and a value for a column of bytes is not base64. */
export function notBase64(): Fault {
  return new Fault('sql.bad-value', 'A value for a column of bytes is not base64.', {
    category: 'validation',
    hint: 'Give base64, or set `binary: text`.',
  });
}

/** The table that rows are to be written into is not there. */
export function noTable(table: string): Fault {
  return new Fault('sql.no-table', `There is no table \`${table}\`.`, {
    category: 'validation',
    hint: 'Make the table, correct `table`, or set `createTable: true`.',
    pointer: '/table',
  });
}

/** The table that rows are to be written into lacks a column. */
export function noColumn(table: string, column: string, known: readonly string[]): Fault {
  return new Fault('sql.no-column', `The table \`${table}\` has no column \`${column}\`.`, {
    category: 'validation',
    hint: `Its columns are ${known.map((name) => `\`${name}\``).join(', ')}.`,
    pointer: '/columns',
  });
}

interface Failure extends Failed {
  readonly error: unknown;
  /** Where in the statement, if the database says so. */
  readonly place: Place | undefined;
}

const faultsByKind: Readonly<Record<FailureKind, (failure: Failure) => Fault>> = {
  timeout,
  connection,
  unique,
  'foreign-key': foreignKey,
  'not-null': notNull,
  check,
  constraint,
  deadlock,
  'no-room': noRoom,
  syntax,
  permission,
  'no-table': noSuchTable,
  'no-column': noSuchColumn,
  'no-unique-key': noUniqueKey,
  'bad-value': badValue,
  query,
};

/** A statement took longer than `timeoutMs`, reading its rows included, or waited too long for a lock. */
function timeout(failure: Failure): Fault {
  return failedWith('sql.timeout', 'timeout', 'the statement was not done in time', failure, {
    hint: 'Raise `timeoutMs` if the statement needs longer, and look who holds locks.',
  });
}

/** The connection to the database broke, or there are too many of them. */
function connection(failure: Failure): Fault {
  return failedWith('sql.connection', 'connection', 'the connection is lost', failure);
}

/** A row with the same key exists already. */
function unique(failure: Failure): Fault {
  return failedWith('sql.unique', 'constraint', 'unique constraint violation', failure);
}

/** A row refers to one that is not there, or is still referred to. */
function foreignKey(failure: Failure): Fault {
  return failedWith('sql.foreign-key', 'constraint', 'foreign key constraint violation', failure);
}

/** A column that needs a value got none. */
function notNull(failure: Failure): Fault {
  return failedWith('sql.not-null', 'constraint', 'not-null constraint violation', failure);
}

/** A row breaks a `CHECK` of its table. */
function check(failure: Failure): Fault {
  return failedWith('sql.check', 'constraint', 'check constraint violation', failure);
}

/** A row breaks a constraint of another kind. */
function constraint(failure: Failure): Fault {
  return failedWith('sql.constraint', 'constraint', 'constraint violation', failure);
}

/** Two transactions waited for each other, or could not be put in an order; this one was given up. */
function deadlock(failure: Failure): Fault {
  return failedWith('sql.deadlock', 'query', 'deadlock detected', failure, { category: 'server' });
}

/** The database has no disk or memory left. */
function noRoom(failure: Failure): Fault {
  return failedWith('sql.no-room', 'query', textOf(failure.error), failure, {
    category: 'server',
    hint: 'Make room on the disk or in the memory of the database.',
  });
}

/** The database cannot read the statement. */
function syntax(failure: Failure): Fault {
  return failedWith('sql.syntax', 'query', 'SQL syntax error', failure);
}

/** The user may not do this, or the database is read-only. */
function permission(failure: Failure): Fault {
  return failedWith('sql.permission', 'query', textOf(failure.error), failure, {
    hint: 'Give the user of the address the right, and check that the database is not read-only.',
  });
}

/** A table is not there. */
function noSuchTable(failure: Failure): Fault {
  return failedWith('sql.no-table', 'query', textOf(failure.error), failure);
}

/** A column is not there. */
function noSuchColumn(failure: Failure): Fault {
  return failedWith('sql.no-column', 'query', textOf(failure.error), failure);
}

/** An upsert has no primary key or unique index on the columns of its key. */
function noUniqueKey(failure: Failure): Fault {
  return failedWith('sql.no-unique-key', 'query', textOf(failure.error), failure, {
    hint: 'Make a unique index on exactly the columns of the key.',
  });
}

/** A value does not fit its column. */
function badValue(failure: Failure): Fault {
  return failedWith('sql.bad-value', 'query', textOf(failure.error), failure);
}

/** The database refuses a statement for another reason; the message has its words. */
function query(failure: Failure): Fault {
  return failedWith('sql.query', 'query', textOf(failure.error), failure);
}

const categories = {
  timeout: 'network',
  connection: 'network',
  constraint: 'validation',
  query: 'validation',
} as const satisfies Record<string, Category>;

/** Makes the text that the specification fixes. Statements are kept, values never. */
function failedWith(
  code: string,
  kind: keyof typeof categories,
  reason: string,
  { error, place, driver, operation, statement }: Failure,
  options: FaultOptions = {},
): Fault {
  const original = textOf(error);
  const where = place === undefined ? '' : ` at line ${place.line}, column ${place.column}`;
  const source = reason === original ? '' : ` (original: ${original})`;
  const step = kind === 'query' ? ` in ${operation}` : '';
  return new Fault(code, `database ${kind} error${step}: ${reason}${where}${source}`, {
    category: categories[kind],
    ...options,
    details: {
      driver,
      operation,
      statement: statement.slice(0, 500),
      ...codeOf(error),
      ...place,
    },
    cause: error,
  });
}

function codeOf(error: unknown): { driver_code?: string } {
  const code = driverCode(error);
  return code === undefined ? {} : { driver_code: code };
}

/** Some errors of connections have no text but that of the errors in them. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return inner instanceof Error ? inner.message : error.name;
}
