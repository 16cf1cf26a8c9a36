import { type Fault, faultOf, isFault } from '@cannectors/core';
import { type Built, report } from './built.ts';
import type { Acquire, FormBatch } from './form.ts';

/**
 * Runs statements that are committed one by one. Those behind a connection that broke go over another
 * one; the one that was on its way is lost, since nobody knows whether it was carried out.
 */
export async function runAlone(
  batch: FormBatch,
  built: Built,
  acquire: Acquire,
  signal: AbortSignal,
): Promise<void> {
  const { statements } = built;
  const onFailure = batch.failFast ? 'stop' : 'continue';
  for (let next = 0; next < statements.length;) {
    const session = await acquire(signal).catch((error: unknown) => {
      if (next === 0) throw error;
      return faultOf(error, 'OUTPUT_FAILED');
    });
    if (isFault(session)) {
      // The kernel has to hear what is committed, so this is said of the others.
      report(Array<Fault>(statements.length - next).fill(session), next, built, batch);
      return;
    }
    try {
      const results = await session.run(statements.slice(next), onFailure, signal);
      signal.throwIfAborted();
      const answered = results.slice(0, answersIn(results));
      report(answered, next, built, batch);
      if (batch.hasFailed()) return;
      next += answered.length;
    } finally {
      await session.release();
    }
  }
}

/** How many statements were sent: those behind a lost connection, or one that a time-out closed, were not. */
function answersIn(results: readonly (number | Error)[]): number {
  const codes = results.map((result) => (isFault(result) ? result.code : ''));
  const lost = codes.indexOf('sql.connection');
  if (lost < 0) return results.length;
  return codes[lost - 1] === 'sql.timeout' ? lost : lost + 1;
}
