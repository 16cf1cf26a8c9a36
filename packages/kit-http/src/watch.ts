import type { Fault } from '@cannectors/core';
import { cancelled, timedOut } from './faults.ts';

/** An attempt that is on its way. */
export interface Running {
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Why it has to end. */
  fault: Fault | undefined;
  /** Ends what is on the wire at the moment. */
  stop(fault: Fault): void;
}

/** Ends attempts that take too long, or whose run was cancelled. */
export interface Watch {
  start(signal: AbortSignal): Running;
  end(running: Running): void;
}

/** A signal that is listened to, and how many attempts it may end. */
interface Heard {
  count: number;
  readonly stopAll: () => void;
}

/**
 * Makes a watch over attempts that all may take `timeoutMs`.
 *
 * They end in the order in which they began, so one timer serves all, and one listener all of a run:
 * a timer and a listener of its own cost a request a quarter of its speed (bench/client).
 */
export function watch(timeoutMs: number): Watch {
  const all = new Set<Running>();
  const heard = new Map<AbortSignal, Heard>();
  let timer: NodeJS.Timeout | undefined;

  return {
    start(signal) {
      const running: Running = {
        deadline: performance.now() + timeoutMs,
        signal,
        fault: signal.aborted ? cancelled(signal.reason) : undefined,
        stop() {},
      };
      all.add(running);
      (heard.get(signal) ?? listen(signal)).count++;
      if (timer === undefined) wait(timeoutMs);
      return running;
    },
    end(running) {
      all.delete(running);
      const listener = heard.get(running.signal);
      if (listener !== undefined) listener.count--;
    },
  };

  /** The listener stays for the next attempt, and goes when another signal comes. */
  function listen(signal: AbortSignal): Heard {
    for (const [other, { count, stopAll }] of heard) {
      if (count > 0) continue;
      other.removeEventListener('abort', stopAll);
      heard.delete(other);
    }
    const stopAll = (): void => {
      for (const running of all) {
        if (running.signal === signal) stop(running, cancelled(signal.reason));
      }
    };
    signal.addEventListener('abort', stopAll, { once: true });
    const listener = { count: 0, stopAll };
    heard.set(signal, listener);
    return listener;
  }

  /** The timer is left to run out when all attempts have ended; it does not keep the process. */
  function wait(ms: number): void {
    timer = setTimeout(() => {
      timer = undefined;
      const now = performance.now();
      for (const running of all) {
        if (running.deadline > now) {
          wait(running.deadline - now);
          return;
        }
        stop(running, timedOut());
      }
    }, Math.ceil(ms));
    timer.unref();
  }

  function stop(running: Running, fault: Fault): void {
    if (!all.delete(running)) return;
    running.fault = fault;
    running.stop(fault);
  }
}
