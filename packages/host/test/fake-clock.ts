import type { Clock } from '../src/schedule/clock.ts';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves time on; timers fire on the way, each at its moment. */
  pass(ms: number): void;
  /** Time passes and no timer fires, as when the machine sleeps; they fire late, at the end. */
  sleep(ms: number): void;
}

export function fakeClock(start = '2026-03-01T00:00:00Z'): FakeClock {
  let now = Date.parse(start);
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();

  const fire = (until: number): void => {
    for (;;) {
      const [first] = [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (first === undefined) return;
      timers.delete(first);
      now = Math.max(now, first.at);
      first.task();
    }
  };

  return {
    now: () => new Date(now),
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(ms) {
      const until = now + ms;
      fire(until);
      now = until;
    },
    sleep(ms) {
      now += ms;
      fire(now);
    },
  };
}
