/** Time. A test gives one that it moves itself. */
export interface Clock {
  now(): Date;
  /** Calls `task` once, after so many milliseconds, unless it is cancelled by what is returned. */
  after(ms: number, task: () => void): () => void;
}

/** The time of this machine. Its timers keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
