import { type Fault, isFault } from '@cannectors/core';
import type { Session } from '@cannectors/kit-sql';
import { type Built, report } from './built.ts';
import type { FormBatch } from './form.ts';

/** Statements that are handed to a transaction at once. */
const chunk = 1000;

/**
 * Runs statements in a transaction. A failed one ends the batch, or is passed over; whether the later
 * ones can run then is up to the database.
 */
export async function runTogether(
  batch: FormBatch,
  built: Built,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { statements } = built;
  for (let next = 0; next < statements.length && !batch.hasFailed();) {
    const results = await session.run(statements.slice(next, next + chunk), 'stop', signal);
    if (!batch.failFast) checkAlive(results);
    report(results, next, built, batch);
    next += results.length;
  }
}

export async function runWithSavepoints(
  batch: FormBatch,
  built: Built,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const results = await session.run(built.statements, 'savepoint', signal);
  checkAlive(results);
  report(results, 0, built, batch);
}

/**
 * After a deadlock, a time-out or a lost connection nobody knows what is left of a transaction: it ends,
 * and what comes later is not run outside of it.
 */
function checkAlive(results: readonly (number | Error)[]): void {
  const ends = results.find((result) => isFault(result) && result.retry !== false) as
    | Fault
    | undefined;
  if (ends !== undefined) throw ends;
}
