import { Fault, faultOf } from '@cannectors/core';

/** Keys of both forms stand in one config: a statement for each record, and rows in bulk. */
export function mixedForms(statementKey: string, bulkKey: string): Fault {
  return new Fault(
    'database.mixed-forms',
    `\`${statementKey}\` is for a statement of one's own, \`${bulkKey}\` for writing in bulk: expected one of the two.`,
    {
      category: 'validation',
      hint: 'Keep `query` (or `queryFile`) with `parameters`, or keep `table` and leave the statement out.',
      pointer: `/${bulkKey}`,
    },
  );
}

/** The config says neither which statement to run nor which table to write to. */
export function noForm(bulkKey: string | undefined): Fault {
  const what =
    bulkKey === undefined ? 'There is nothing to write with' : `\`${bulkKey}\` needs a table`;
  return new Fault('database.no-form', `${what}: expected \`query\`, \`queryFile\` or \`table\`.`, {
    category: 'validation',
    hint: 'Set `table` to write in bulk, or `query` with `parameters`.',
    pointer: bulkKey === undefined ? '' : `/${bulkKey}`,
  });
}

/** A mode that finds rows has no key to find them by. */
export function needsKey(mode: string): Fault {
  return new Fault('database.needs-key', `\`mode: ${mode}\` needs a key.`, {
    category: 'validation',
    hint: 'List in `key` the columns that tell a row from others, as in `key: [id]`.',
    pointer: '/mode',
  });
}

/** A column of the key is not among the columns. */
export function keyIsNoColumn(name: string): Fault {
  return new Fault('database.key-no-column', `The key \`${name}\` is not among the columns.`, {
    category: 'validation',
    hint: 'Name it in `columns` too.',
    pointer: '/key',
  });
}

/** Every column is a part of the key, so an update would change nothing. */
export function nothingToUpdate(): Fault {
  return new Fault('database.nothing-to-update', 'All columns are parts of the key.', {
    category: 'validation',
    hint: 'Name in `columns` what is to be updated.',
    pointer: '/columns',
  });
}

/** Savepoints are asked for where there is no transaction. */
export function savepointsAlone(): Fault {
  return new Fault(
    'database.savepoints-alone',
    '`savepoints` has no meaning without a transaction.',
    { category: 'validation', hint: 'Set `transaction: true` too.', pointer: '/savepoints' },
  );
}

/** The position cannot be committed together with records that are committed one by one. */
export function needsTransaction(): Fault {
  return new Fault('database.needs-transaction', '`exactlyOnce` needs a transaction.', {
    category: 'validation',
    hint: 'Set `transaction: true` too, or write in bulk with `table`.',
    pointer: '/exactlyOnce',
  });
}

/** A record has a key that is no column. */
export function unknownColumn(name: string): Fault {
  return new Fault(
    'database.unknown-column',
    `The first record had no key \`${name}\`, so there is no column for it.`,
    { category: 'validation', hint: 'List what to write in `columns`.' },
  );
}

/** A record has no value for a part of the key. */
export function noKey(name: string): Fault {
  return new Fault('database.no-key', `The record has no value for the key \`${name}\`.`, {
    category: 'validation',
  });
}

/** A record is empty, and no other one has said yet which columns there are. */
export function noColumns(): Fault {
  return new Fault('database.no-columns', 'The record is empty: it names no columns.', {
    category: 'validation',
    hint: 'List what to write in `columns`.',
  });
}

/** The database has not committed a transaction: nothing of it is stored. */
export function commitFailed(error: unknown): Fault {
  const cause = faultOf(error, 'OUTPUT_FAILED');
  return new Fault('database.commit-failed', `committing transaction: ${cause.message}`, {
    category: cause.category,
    retry: cause.retry,
    ...(cause.hint !== undefined && { hint: cause.hint }),
    details: { ...cause.details, fault: cause.code },
    cause,
  });
}

/** A transaction ended before its commit: nothing of it is stored. */
export function transactionLost(error: unknown): Fault {
  const cause = faultOf(error, 'OUTPUT_FAILED');
  return new Fault('database.transaction-lost', `the transaction is lost: ${cause.message}`, {
    category: cause.category,
    retry: cause.retry,
    ...(cause.hint !== undefined && { hint: cause.hint }),
    details: { ...cause.details, fault: cause.code },
    cause,
  });
}

/** The transaction since the last checkpoint is lost, and batches in it that counted as written. */
export function startAgain(error: unknown): Fault {
  const cause = faultOf(error, 'OUTPUT_FAILED');
  return new Fault(
    'database.start-again',
    `What was written since the last checkpoint is lost with its transaction: ${cause.message}`,
    {
      category: cause.category,
      retry: false,
      hint: 'Run the pipeline again: it goes on at the last checkpoint.',
      cause,
    },
  );
}

/** A record cannot be previewed, since it would become no statement and no row. */
export function previewFailed(index: number, error: unknown): Fault {
  const cause = faultOf(error, 'OUTPUT_FAILED');
  return new Fault('database.preview-failed', `previewing record ${index}: ${cause.message}`, {
    category: cause.category,
    ...(cause.hint !== undefined && { hint: cause.hint }),
    cause,
  });
}

/** The checkpoint in the database is not JSON. */
export function badCheckpoint(table: string, cause: unknown): Fault {
  return new Fault(
    'database.bad-checkpoint',
    `The checkpoint of this pipeline in \`${table}\` cannot be read.`,
    {
      category: 'validation',
      hint: 'Repair the row, or delete it: the state file then says where to begin.',
      cause,
    },
  );
}
