import { deadlinePassed } from './faults.ts';

/**
 * Runs a task that ends when `signal` aborts or after `ms`, also if the task itself ignores it:
 * a plugin that hangs holds up nobody.
 */
export async function bounded<T>(
  task: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  ms: number | undefined,
): Promise<T> {
  const deadline = ms === undefined ? undefined : new AbortController();
  const timer = deadline && setTimeout(() => deadline.abort(deadlinePassed(ms ?? 0)), ms);
  // A signal of its own costs more than a small batch, so there is one only where it is needed.
  const ended = deadline === undefined ? signal : AbortSignal.any([signal, deadline.signal]);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(ended.reason);
  if (ended.aborted) onAbort();
  const calls = watched.get(ended);
  if (calls === undefined) ended.addEventListener('abort', onAbort);
  else calls.add(onAbort);
  try {
    Promise.resolve(task(ended)).then(resolve, reject);
    return await promise;
  } finally {
    clearTimeout(timer);
    if (calls === undefined) ended.removeEventListener('abort', onAbort);
    else calls.delete(onAbort);
  }
}

/** Signals with one listener for everybody, and what it calls. */
const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Lets all bounded tasks share one listener, as one for each costs more than a small batch. Only for a
 * signal that lives as long as a run: the listener stays.
 */
export function watch(signal: AbortSignal): void {
  const calls = new Set<() => void>();
  watched.set(signal, calls);
  signal.addEventListener('abort', () => calls.forEach((call) => call()));
}
