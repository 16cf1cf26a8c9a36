import type { Clock } from './clock.ts';
import type { Schedule } from './schedule.ts';

/** A moment at which a run is due. */
export interface Tick {
  readonly scheduled: Date;
  /** It comes late: the process was down or suspended, or the clock was put forward. */
  readonly missed: boolean;
}

/** Decides when runs are due. The default, `timers`, keeps them in this process. */
export interface Scheduler {
  /** Calls `due` at every tick from now on. Ticks that were slept through come as one, missed. */
  register(schedule: Schedule, due: (tick: Tick) => void): Registration;
  /** How many schedules are registered. */
  readonly size: number;
}

export interface Registration {
  /** The next tick; `undefined` when there is none, or after `stop`. */
  next(): Date | undefined;
  stop(): void;
}

/** A timer does not count while the machine sleeps, so none is set for longer. */
const longestWaitMs = 30_000;

/** A tick that is later than this was missed: `misfire` decides about it. */
const toleranceMs = 60_000;

/** The scheduler of one process. */
export function timers(clock: Clock): Scheduler {
  const registered = new Set<Registration>();

  return {
    get size() {
      return registered.size;
    },
    register(schedule, due) {
      let next = schedule.next(clock.now());
      let cancel = (): void => undefined;

      const arm = (): void => {
        if (next === undefined) return;
        const wait = next.getTime() - clock.now().getTime();
        cancel = clock.after(Math.min(Math.max(wait, 0), longestWaitMs), wake);
      };
      const wake = (): void => {
        const now = clock.now();
        const scheduled = next;
        if (scheduled !== undefined && scheduled <= now) {
          const following = schedule.next(scheduled);
          next = following !== undefined && following <= now ? schedule.next(now) : following;
          due({ scheduled, missed: now.getTime() - scheduled.getTime() > toleranceMs });
        }
        if (registered.has(registration)) arm();
      };
      const registration: Registration = {
        next: () => (registered.has(registration) ? next : undefined),
        stop() {
          cancel();
          registered.delete(registration);
        },
      };

      registered.add(registration);
      arm();
      return registration;
    },
  };
}
