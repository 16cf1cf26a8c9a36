import type { Fault } from '@cannectors/core';
import { isOfRecord, type Session } from '@cannectors/kit-sql';
import { inUnit, savepoint } from './unit.ts';

export interface Isolation {
  /** It is inside of a transaction. */
  readonly session: Session;
  readonly signal: AbortSignal;
  /** Writes the records from `start` to before `end`, in order. */
  readonly attempt: (start: number, end: number) => Promise<void>;
  /** The database refuses this record. Says whether the others are still wanted. */
  readonly refused: (index: number, fault: Fault) => boolean;
}

/**
 * Writes what the database takes of the records from `start` to before `end`, in order.
 *
 * A part that fails because of a record is undone and halved, until the record is alone: one bad
 * record among n costs about 2 log n attempts, and each record is sent about three times.
 *
 * @returns whether it came to the end
 * @throws what an attempt throws that is not because of a record
 */
export async function isolate(start: number, end: number, isolation: Isolation): Promise<boolean> {
  const { session, signal, attempt, refused } = isolation;
  try {
    await inUnit(savepoint(session, 'cannectors_part'), signal, async () => {
      await attempt(start, end);
      return 'keep';
    });
    return true;
  } catch (error) {
    if (signal.aborted || !isOfRecord(error)) throw error;
    if (end - start === 1) return refused(start, error);
  }
  return await halve(start, end, isolation);
}

/** The same, of records that are known to fail together. */
export async function halve(start: number, end: number, isolation: Isolation): Promise<boolean> {
  if (end - start === 1) return await isolate(start, end, isolation);
  const middle = (start + end) >>> 1;
  return (await isolate(start, middle, isolation)) && (await isolate(middle, end, isolation));
}
