import type { Runner, RunnerOptions } from './runner.ts';

/** A runner whose code, the executor with it, is loaded by `prepare`: `validate` does without. */
export function lazyRunner(options: RunnerOptions): Runner {
  let runner: Runner | undefined;
  let isPaused = false;
  const load = async (): Promise<Runner> => {
    if (runner !== undefined) return runner;
    const loaded = (await import('./runner.ts')).runner(options);
    loaded.pause(isPaused);
    return (runner = loaded);
  };

  return {
    prepare: async (signal) => await (await load()).prepare(signal),
    run: async () => await (await load()).run(),
    progress: () => runner?.progress(),
    pause(paused) {
      isPaused = paused;
      runner?.pause(paused);
    },
    drain: (graceMs) => runner?.drain(graceMs),
    cancel: (reason) => runner?.cancel(reason),
    close: async () => await runner?.close(),
  };
}
