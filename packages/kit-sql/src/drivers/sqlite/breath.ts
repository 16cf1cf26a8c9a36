import { setImmediate as nextTurn } from 'node:timers/promises';
import { cancelled } from '../../faults.ts';

/** Milliseconds that SQLite may have the process for itself. */
const sliceMs = 10;

/** Lets the rest of the process go on, now and then. */
export interface Breath {
  /** The process has been kept for long enough. */
  isDue(): boolean;
  /** @throws `sql.cancelled` */
  take(): Promise<void>;
}

export function breathing(signal: AbortSignal): Breath {
  let began = performance.now();
  return {
    isDue: () => performance.now() - began > sliceMs,
    async take() {
      await nextTurn();
      if (signal.aborted) throw cancelled(signal.reason);
      began = performance.now();
    },
  };
}
