import { randomUUID } from 'node:crypto';
import type { Pipeline } from '@cannectors/config';
import { type Fault, faultOf } from '@cannectors/core';
import {
  closePlan,
  type Failpoint,
  openPlan,
  type Plan,
  type Progress,
  type Run,
  type RunOptions,
  type RunResult,
  start,
} from '@cannectors/core/run';
import { build, type BuildOptions, type Built } from './build.ts';
import { creationFailed, stopped } from './faults.ts';
import { reasonOf } from './reason-of.ts';
import { refusedRun } from './refused-run.ts';
import type { Clock } from './schedule/clock.ts';
import type { Scrub } from './scrub.ts';
import type { PipelineStore } from './state/file-store.ts';
import { isPersistent } from './state/state-folder.ts';

/** Runs one pipeline, again and again, one run at a time. */
export interface Runner {
  /**
   * Makes ready what has to be ready before a schedule or a listener starts: builds the stages,
   * takes the lock, and opens the stages if `opensEarly`.
   *
   * @returns why it is not ready, with the result of the run that could not begin
   */
  prepare(signal: AbortSignal): Promise<Refusal | undefined>;
  /** Never rejects. After a failed run the stages are closed, and built again for the next one. */
  run(): Promise<RunResult>;
  progress(): Progress | undefined;
  /** For the run that is on and for those to come. */
  pause(isPaused: boolean): void;
  /** Stops reading; what was read is delivered, and cancelled after `graceMs`. */
  drain(graceMs: number): void;
  /** Ends at once what is on: a run, or the making of its stages. */
  cancel(reason: string): void;
  /** Closes the stages and gives the lock back. */
  close(): Promise<void>;
}

export interface Refusal {
  readonly fault: Fault;
  readonly result: RunResult;
}

export interface RunnerOptions extends BuildOptions {
  readonly store: PipelineStore;
  readonly clock: Clock;
  /** Told which run is on: every line of the log carries it. */
  readonly current: { run: string | undefined };
  readonly failpoint?: Failpoint;
  /** The stages are opened by `prepare`, and not by the first run. */
  readonly opensEarly: boolean;
}

export function runner(options: RunnerOptions): Runner {
  const { pipeline, log, store, clock, current, scrub, dryRun, failpoint, opensEarly } = options;
  const { name, dryRunOptions } = pipeline;
  let built: Built | undefined;
  let active: Run | undefined;
  let starting = new AbortController();
  let isPaused = false;

  const tried = async (task: () => Promise<void> | undefined): Promise<void> => {
    try {
      await task();
    } catch (error) {
      log.warn('module is not closed', { error: reasonOf(error) });
    }
  };

  const discard = async (): Promise<void> => {
    const { plan, deadLetters } = built ?? {};
    built = undefined;
    if (plan !== undefined) await tried(() => closePlan(plan));
    await tried(() => deadLetters?.close());
  };

  /** Builds the stages, unless they are there from the last run. */
  const ready = async (signal: AbortSignal): Promise<Plan> => {
    if (built !== undefined) return built.plan;
    built = await build(options);
    if (keepsState(pipeline, built)) await store.lock(signal);
    await built.deadLetters?.open(signal);
    return built.plan;
  };

  /** Does something under the id of a run that may turn out to be refused. */
  const attempt = async <Value>(
    task: (run: string, signal: AbortSignal) => Promise<Value>,
    ...also: readonly AbortSignal[]
  ): Promise<Value | Refusal> => {
    const run = randomUUID();
    const startedAt = new Date();
    starting = new AbortController();
    const signal = AbortSignal.any([starting.signal, ...also]);
    current.run = run;
    try {
      return await task(run, signal);
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      const fault = scrub.fault(faultOf(reason, 'run.failed'));
      await discard();
      return { fault, result: refusedRun({ pipeline: name, run, startedAt, fault }, log) };
    } finally {
      current.run = undefined;
    }
  };

  const settings: Omit<RunOptions, 'run'> = {
    log,
    store,
    ...(failpoint !== undefined && { failpoint }),
  };

  const runOnce = async (run: string, signal: AbortSignal): Promise<RunResult> => {
    const plan = await ready(signal);
    signal.throwIfAborted();
    const deadLetters = built?.deadLetters;
    active = start(plan, {
      ...settings,
      run,
      ...(deadLetters !== undefined && { deadLetters }),
      ...(dryRun && { dryRun: dryRunOf(pipeline, plan) }),
    });
    if (isPaused) active.pause();
    const stopClock = limit(active, pipeline, clock);
    const result = await active.result;
    stopClock();
    active = undefined;
    if (result.status === 'error') await discard();
    return cleaned(result, scrub, dryRunOptions.showCredentials);
  };

  return {
    prepare: (stopping) =>
      attempt(async (_run, signal) => {
        const plan = await ready(signal);
        if (opensEarly) await openEarly(plan, pipeline, signal, dryRun);
        signal.throwIfAborted();
        return undefined;
      }, stopping),
    async run() {
      const outcome = await attempt(runOnce);
      return 'fault' in outcome ? outcome.result : outcome;
    },
    progress: () => active?.progress(),
    pause(paused) {
      isPaused = paused;
      if (paused) active?.pause();
      else active?.resume();
    },
    drain(graceMs) {
      if (active === undefined) starting.abort(stopped('it was asked to stop'));
      else void active.stop(graceMs);
    },
    cancel(reason) {
      starting.abort(stopped(reason));
      active?.cancel(reason);
    },
    async close() {
      await discard();
      await tried(() => store.close());
    },
  };
}

/** Whether a second process on the same state would do harm. */
function keepsState(pipeline: Pipeline, { plan, deadLetters }: Built): boolean {
  const { input } = plan.input;
  const keepsPosition = isPersistent(pipeline) || 'commit' in input || input.endless === true;
  return keepsPosition || deadLetters !== undefined;
}

async function openEarly(
  plan: Plan,
  { input, outputs }: Pipeline,
  signal: AbortSignal,
  dryRun: boolean,
): Promise<void> {
  const failure = await openPlan(plan, signal, dryRun);
  if (failure === undefined) return;
  const { stage, module, fault, details } = failure;
  if (stage === 'input') throw creationFailed('input', input, fault);
  const failed = outputs.find(({ id, type }) => id === details['output'] || type === module);
  throw creationFailed('output', failed ?? input, fault);
}

function dryRunOf({ dryRunOptions }: Pipeline, { input }: Plan): NonNullable<RunOptions['dryRun']> {
  const { previewLimit, showCredentials } = dryRunOptions;
  const ofEndless = input.input.endless === true ? 100 : undefined;
  const maxRecords = dryRunOptions.maxRecords ?? ofEndless;
  return { previewLimit, showCredentials, ...(maxRecords !== undefined && { maxRecords }) };
}

function limit(run: Run, { input: { maxRunMs } }: Pipeline, clock: Clock): () => void {
  if (maxRunMs === undefined) return () => undefined;
  return clock.after(maxRunMs, () =>
    run.cancel(`it took longer than \`maxRunMs\` (${maxRunMs} ms)`),
  );
}

function cleaned(result: RunResult, scrub: Scrub, showCredentials: boolean): RunResult {
  const { error, preview, preview_error } = result;
  return {
    ...result,
    ...(error !== undefined && { error: scrub.value(error) }),
    ...(preview !== undefined && !showCredentials && { preview: scrub.secrets(preview) }),
    ...(preview_error !== undefined && { preview_error: scrub.text(preview_error) }),
  };
}
