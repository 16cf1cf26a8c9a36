import type { Pipeline } from '@cannectors/config';
import type { Progress, RunResult } from '@cannectors/core/run';
import { stopped } from './faults.ts';
import { type Life, type LifeOptions, once, onSchedule, withoutEnd } from './life.ts';
import { reasonOf } from './reason-of.ts';
import type { Runner } from './runner.ts';

/** A pipeline in this process. */
export interface Instance {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly mode: Mode;
  /**
   * Builds and opens what has to be open, and begins.
   *
   * @throws the fault that makes it impossible, as `INPUT_CREATION_FAILED` or `state.locked`; it is
   *   in the log as a run that failed
   */
  start(): Promise<void>;
  /** Once: after its run. Scheduled, endless: after `stop`. Never rejects. */
  readonly ended: Promise<InstanceEnd>;
  /** Told of every run when it is over. */
  onRun(listener: (result: RunResult) => void): void;
  /** Of the run that is on. */
  progress(): Progress | undefined;
  nextRun(): Date | undefined;
  /** Scheduled: a run now, as if a tick had come. */
  run(): void;
  /** The run that is on starts no batch, what is in flight completes; ticks are skipped. */
  pause(): void;
  resume(): void;
  /**
   * Once, scheduled: the run that is on may finish within `drainTimeoutMs`. Endless: it stops reading
   * and drains. After that time it is cancelled.
   *
   * @param reason as in `SIGTERM`: what the run is cancelled because of
   */
  stop(reason: string): Promise<InstanceEnd>;
  /** Cancels the run that is on, and ends. */
  kill(): void;
}

export type Mode = 'once' | 'scheduled' | 'endless';

export interface InstanceEnd {
  readonly exitCode: 0 | 3;
  /** The last one, if any. */
  readonly results: readonly RunResult[];
  /** What was on did not end in the time that it had. */
  readonly timedOut: boolean;
}

export interface InstanceOptions extends Omit<LifeOptions, 'runOnce'> {
  readonly mode: Mode;
  readonly runner: Runner;
}

/** How long a run that was cancelled may take to end. */
const cancelMs = 5000;

const lives: Readonly<Record<Mode, (options: LifeOptions) => Life>> = {
  once,
  scheduled: onSchedule,
  endless: withoutEnd,
};

/** Makes an instance, which does nothing until `start`. */
export function instance(options: InstanceOptions): Instance {
  const { pipeline, mode, log, runner, clock } = options;
  const { drainTimeoutMs } = pipeline;
  const listeners = new Set<(result: RunResult) => void>();
  const end = Promise.withResolvers<InstanceEnd>();
  const stopping = new AbortController();
  let phase: 'new' | 'starting' | 'started' = 'new';
  let last: RunResult | undefined;
  let timedOut = false;

  const record = (result: RunResult): RunResult => {
    last = result;
    for (const listener of listeners) {
      try {
        listener(result);
      } catch (error) {
        log.error('listener failed', { error: reasonOf(error) });
      }
    }
    return result;
  };
  const life = lives[mode]({ ...options, runOnce: async () => record(await runner.run()) });

  const resolveEnd = (isFailure: boolean): void => {
    const results = last === undefined ? [] : [last];
    end.resolve({ exitCode: isFailure || timedOut ? 3 : 0, results, timedOut });
  };
  const finish = async (isFailure: boolean): Promise<void> => {
    await runner.close();
    resolveEnd(isFailure);
  };
  const isFailed = (): boolean => mode === 'once' && last?.status !== 'success';

  const stop = (reason: string): void => {
    if (stopping.signal.aborted) return;
    stopping.abort(stopped(reason));
    if (phase === 'new') return void finish(isFailed());
    if (phase === 'starting') return;
    // An endless run is told to end; the others end by themselves, if they are given the time.
    if (mode === 'endless') runner.drain(drainTimeoutMs);
    const timers = [
      clock.after(drainTimeoutMs, () => {
        if (mode === 'endless') timedOut = true;
        else runner.cancel(reason);
      }),
      clock.after(drainTimeoutMs + cancelMs, () => {
        timedOut = true;
        log.error('scheduler stop timeout');
        resolveEnd(true);
      }),
    ];
    void end.promise.then(() => timers.forEach((cancel) => cancel()));
  };

  return {
    name: pipeline.name,
    pipeline,
    mode,
    ended: end.promise,
    async start() {
      if (phase !== 'new') throw new TypeError('The instance was started before.');
      phase = 'starting';
      try {
        const refusal = await runner.prepare(stopping.signal);
        last = refusal?.result;
        if (refusal !== undefined) throw refusal.fault;
        await life.begin?.(stopping.signal);
      } catch (error) {
        await finish(true);
        throw error;
      }
      phase = 'started';
      void life.live(stopping.signal).then(() => finish(isFailed()));
    },
    onRun: (listener) => void listeners.add(listener),
    progress: () => runner.progress(),
    nextRun: () => life.nextRun?.(),
    run: () => life.run?.(),
    pause() {
      runner.pause(true);
      life.pause?.(true);
    },
    resume() {
      runner.pause(false);
      life.pause?.(false);
    },
    async stop(reason) {
      stop(reason);
      return await end.promise;
    },
    kill() {
      stop('it was killed');
      runner.cancel('it was killed');
    },
  };
}
