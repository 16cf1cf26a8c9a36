import type { InputModule } from '@cannectors/config';
import type { Log } from '@cannectors/core';
import type { Tick } from './scheduler.ts';

/** The longest queue of `overlap: queue`. */
const capacity = 100;

/** Lets one run of a pipeline follow the other, never two at a time. */
export interface Turns {
  /** Starts a run, or does with the tick what `overlap` says while one is on. */
  offer(tick: Tick): void;
  /** Forgets the ticks that wait. */
  clear(): void;
  /** Ends when no run is on. */
  idle(): Promise<void>;
}

/**
 * Makes the turns of a pipeline.
 *
 * @param begin runs once; never rejects
 * @see spec/connectors/execution.md, section 8
 */
export function turns(
  overlap: InputModule['overlap'],
  log: Log,
  begin: (tick: Tick) => Promise<void>,
): Turns {
  const waiting: Tick[] = [];
  let busy: Promise<void> | undefined;

  const take = async (first: Tick): Promise<void> => {
    for (let tick: Tick | undefined = first; tick !== undefined; tick = waiting.shift()) {
      if (tick !== first && overlap === 'queue') {
        log.info('processing queued execution', { remaining: waiting.length });
      }
      await begin(tick);
    }
    busy = undefined;
  };

  return {
    offer(tick) {
      const time = { scheduled_time: tick.scheduled.toISOString() };
      if (busy === undefined) busy = take(tick);
      else if (overlap === 'skip') log.info('execution skipped', time);
      else if (overlap === 'coalesce') {
        // The run that waits is for all ticks until then.
        log.info('execution coalesced', time);
        waiting[0] = tick;
      } else if (waiting.length >= capacity) log.warn('execution queue full', time);
      else {
        waiting.push(tick);
        log.info('execution queued', { queue_position: waiting.length });
      }
    },
    clear() {
      const count = waiting.splice(0).length;
      if (count > 0) log.info('queued executions canceled', { count });
    },
    idle: async () => await busy,
  };
}
