import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from '../../faults.ts';

/** Waits for locks without stopping the process, as SQLite itself would. */
export interface Lock {
  /**
   * Runs a task, again and again while somebody else has locked the database.
   *
   * @throws the error of SQLite after `timeoutMs`; `sql.cancelled`
   */
  whenFree<Result>(task: () => Result, signal: AbortSignal): Result | Promise<Result>;
  /** The same, of a task that has failed: with another error than a lock it is not run again. */
  afterFailure<Result>(error: unknown, task: () => Result, signal: AbortSignal): Promise<Result>;
  /** A transaction of this process has ended: those who wait try again at once. */
  freed(): void;
}

/** @param timeoutMs how long somebody waits */
export function lockOf(timeoutMs: number): Lock {
  let turn = new AbortController();

  return {
    whenFree(task, signal) {
      try {
        return task();
      } catch (error) {
        return afterFailure(error, task, signal);
      }
    },
    afterFailure,
    freed() {
      turn.abort();
      turn = new AbortController();
    },
  };

  async function afterFailure<Result>(
    failure: unknown,
    task: () => Result,
    signal: AbortSignal,
  ): Promise<Result> {
    if (!isLocked(failure)) throw failure;
    const deadline = performance.now() + timeoutMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 25)) {
      await pause(waitMs, signal);
      try {
        return task();
      } catch (error) {
        if (!isLocked(error) || performance.now() > deadline) throw error;
      }
    }
  }

  async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
    try {
      await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, turn.signal]) });
    } catch {
      if (signal.aborted) throw cancelled(signal.reason);
    }
  }
}

/** `SQLITE_BUSY`, but not `SQLITE_BUSY_SNAPSHOT`, which no waiting helps. */
function isLocked(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  return error.errcode === 5 || error.errcode === 261;
}
