import { Fault } from '../index.ts';

/** The run was ended from outside: a signal, a closed pipe, `maxRunMs`. */
export function cancelled(signal: AbortSignal): Fault {
  if (signal.reason instanceof Fault) return signal.reason;
  return cancelledBecause('it was asked to stop');
}

/** The same, with its reason in words: `the run is cancelled: <reason>`. */
export function cancelledBecause(reason: string): Fault {
  return new Fault('run.cancelled', `The run is cancelled: ${reason}.`, { retry: false });
}

/** The checkpoint could not be saved, also after repeats. The records were delivered. */
export function commitFailed(cause: unknown): Fault {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new Fault('state.commit-failed', `The checkpoint is not saved: ${detail}`, {
    retry: false,
    hint: 'Check the state folder; what was delivered since the last checkpoint is sent again by the next run.',
    cause,
  });
}

/** A run ended where its position may not move, and the destination commits both or neither. */
export function noSafePoint(): Fault {
  return new Fault(
    'run.no-safe-point',
    'The run ended before a safe point, so nothing behind the last checkpoint is committed.',
    {
      retry: false,
      hint: 'Let the run read to its end: raise `maxPages`, or stop it later. A source in the order of its cursor has more safe points with `statePersistence.ordered: true`.',
    },
  );
}

/** A source transaction takes more than half of the memory budget. */
export function transactionTooLarge(bytes: number, budget: number): Fault {
  return new Fault(
    'batch.transaction-too-large',
    `A source transaction of ${bytes} bytes is above half of \`memory.maxBytes\` (${budget}).`,
    { retry: false, hint: 'Raise `memory.maxBytes`, or set `batch.respectSourceTx: false`.' },
  );
}

/** A record is larger than `memory.maxRecordBytes`. */
export function recordTooLarge(bytes: number, limit: number): Fault {
  return new Fault(
    'record.too-large',
    `A record of ${bytes} bytes is above \`memory.maxRecordBytes\` (${limit}).`,
    {
      category: 'validation',
      hint: 'Raise `memory.maxRecordBytes`, or store such records with `onError: dlq` on the input.',
    },
  );
}

/** With `routing: first-match`, no output takes a record; `unmatched` says what follows. */
export function unmatchedRecord(index: number): Fault {
  return new Fault('routing.unmatched', `No output takes record ${index}.`, {
    category: 'validation',
    hint: 'Add an output without `when` at the end, or set `unmatched: drop`.',
    details: { record_index: index },
  });
}

/** A filter gave back a promise although it has no `concurrency`. */
export function notSynchronous(type: string): Fault {
  return new Fault('filter.not-synchronous', `The filter \`${type}\` returned a promise.`, {
    retry: false,
    hint: 'Set `concurrency` on the filter that `create` returns.',
  });
}

/** One attempt of an output took longer than `outputDeadlineMs`. */
export function deadlinePassed(ms: number): Fault {
  return new Fault('output.deadline', `network error: the output did not answer within ${ms} ms`, {
    category: 'network',
    hint: 'Raise `outputDeadlineMs`, or send smaller batches.',
  });
}

/** An optional output was given up for a batch, because the others have it. */
export function leftBehind(): Fault {
  return new Fault(
    'output.left-behind',
    'The other outputs have the batch, this one did not in time.',
    {
      category: 'network',
    },
  );
}

/** Too large a share of the records goes to the dead letters: something else is wrong. */
export function deadLetterRate(stored: number, records: number): Fault {
  return new Fault('dead-letter.rate', `${stored} of ${records} records became dead letters.`, {
    retry: false,
    hint: 'Look at the newest dead letters; raise `deadLetter.maxRate` if they are as they should be.',
  });
}

/** An output named a record that it was not given. */
export function outsideBatch(index: number, records: number): Fault {
  return new Fault(
    'output.outside-batch',
    `The output rejected record ${index} of a batch of ${records}.`,
    {
      retry: false,
      hint: 'Indexes count from 0 in the batch as it was given to `write`.',
    },
  );
}

/** An output left records unsent and named no reason. */
export function incomplete(records: number): Fault {
  return new Fault('output.incomplete', `The output left ${records} records unsent.`, {
    retry: true,
  });
}

/** The kernel lost count: a defect of the kernel, or of a plugin that changed what it was given. */
export function imbalance(expected: number, found: number): Fault {
  return new Fault(
    'ledger.imbalance',
    `${expected} records came in or were created, but ${found} were accounted for.`,
    { retry: false, details: { expected, found } },
  );
}
