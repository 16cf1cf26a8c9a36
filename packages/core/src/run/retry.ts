import { setTimeout as wait } from 'node:timers/promises';
import { type Context, type Fault, isFault, type Log } from '../index.ts';
import { cancelled } from './faults.ts';
import type { RetryMeter, RetryPolicy } from './plan.ts';

/**
 * Makes the `retry` of a module's context.
 *
 * A fault whose `retry` is true is tried again after the back-off, one with a number after so many
 * milliseconds, at most `maxDelayMs`. Anything that is not a fault is thrown on at once.
 *
 * @see spec/connectors/execution.md, section 6
 */
export function retrier(policy: RetryPolicy, log: Log, meter: RetryMeter): Context['retry'] {
  return async (task, signal) => {
    const delays: number[] = [];
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const value = await task(attempt);
        if (delays.length > 0) log.info('retry succeeded', { attempt });
        return value;
      } catch (error) {
        if (signal.aborted) throw cancelled(signal);
        if (!isFault(error) || error.retry === false) throw error;
        const retries = delays.length;
        if (retries >= policy.maxAttempts) {
          if (retries > 0) logExhausted(log, error, attempt, started);
          throw error;
        }
        const delay = delayOf(error, retries, policy);
        delays.push(delay);
        meter.count++;
        log.info('retrying request', {
          attempt: retries + 1,
          max_attempts: policy.maxAttempts,
          delay_ms: delay,
          error: error.message,
          error_category: error.category,
        });
        await pause(delay, signal);
      } finally {
        if (delays.length > 0) meter.last = report(attempt, delays, started);
      }
    }
  };
}

/** Waits, and ends with `run.cancelled` as soon as `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch {
    throw cancelled(signal);
  }
}

/**
 * Back-off with full jitter for batches of a pipeline that never ends: 200 ms, doubling to 30 s;
 * credentials that are refused wait longer, 5 s to 5 min. A number in the fault wins.
 *
 * @see spec/runtime/coordinator.md, section 6
 */
export function backoffMs(fault: Fault, attempt: number): number {
  if (typeof fault.retry === 'number') return fault.retry;
  const [base, cap] = fault.category === 'authentication' ? [5_000, 300_000] : [200, 30_000];
  return Math.random() * Math.min(cap, base * 2 ** Math.min(attempt - 1, 20));
}

function delayOf(fault: Fault, retries: number, policy: RetryPolicy): number {
  if (typeof fault.retry === 'number') return Math.min(Math.max(fault.retry, 0), policy.maxDelayMs);
  const delay = Math.min(policy.delayMs * policy.backoffMultiplier ** retries, policy.maxDelayMs);
  return policy.jitter ? Math.round(Math.random() * delay) : delay;
}

function logExhausted(log: Log, fault: Fault, attempts: number, started: number): void {
  log.error('all retry attempts exhausted', {
    attempts,
    duration_ms: since(started),
    error: fault.message,
  });
}

function report(attempts: number, delays: readonly number[], started: number): RetryMeter['last'] {
  return { attempts, retries: delays.length, delays_ms: [...delays], duration_ms: since(started) };
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
