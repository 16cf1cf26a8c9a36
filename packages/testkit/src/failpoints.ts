import type { FailpointName } from '@cannectors/core/run';

/** Places in a run where a test steps in. Give `failpoint` to the host, or to `start`. */
export interface Failpoints {
  readonly failpoint: (name: string) => Promise<void>;
  /** The names that were passed so far, in order. */
  readonly passed: readonly string[];
  /**
   * Holds the run at a place until `release`.
   *
   * @param nth which passing of the place it is, from 1
   */
  readonly holdAt: (name: FailpointName, nth?: number) => Held;
  /** Lets the place throw, once: what happens there is as if it had failed. */
  readonly failAt: (name: FailpointName, error: Error, nth?: number) => void;
}

/** A run that is held, or will be. */
export interface Held {
  /** Resolves when the run is there. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Makes failpoints for one run or several. */
export function failpoints(): Failpoints {
  const passed: string[] = [];
  const actions = new Map<string, () => Promise<void>>();
  const on = (name: FailpointName, nth: number, action: () => Promise<void>): void => {
    const before = passed.filter((one) => one === name).length;
    actions.set(`${name} ${before + nth}`, action);
  };

  return {
    passed,
    async failpoint(name) {
      passed.push(name);
      const count = passed.filter((one) => one === name).length;
      await actions.get(`${name} ${count}`)?.();
    },
    holdAt(name, nth = 1) {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      on(name, nth, () => {
        reached.resolve();
        return released.promise;
      });
      return { reached: reached.promise, release: released.resolve };
    },
    failAt(name, error, nth = 1) {
      on(name, nth, () => Promise.reject(error));
    },
  };
}
