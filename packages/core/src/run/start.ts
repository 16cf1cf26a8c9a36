import { faultOf, type Log } from '../index.ts';
import { chain } from './chain.ts';
import { committer } from './committer.ts';
import { type Batch, blankBatch } from './cutter.ts';
import { abandon, courier, filterBatch } from './delivery.ts';
import { kernelFailure } from './failure.ts';
import { flushFilters } from './flush.ts';
import { startingPoint } from './keeper.ts';
import type { CheckpointStore, DeadLetterStore, Failpoint, Plan } from './plan.ts';
import { previewer } from './preview.ts';
import { batchLimits, read } from './reader.ts';
import { logEnd, resultOf } from './report.ts';
import type { Progress, RunResult } from './result.ts';
import type { pause } from './retry.ts';
import { openPlan } from './scope.ts';
import { refuseWaiters, type RunState, runState } from './state.ts';

export interface RunOptions {
  /** Id of the run: a UUID. */
  readonly run: string;
  readonly log: Log;
  readonly store: CheckpointStore;
  readonly deadLetters?: DeadLetterStore;
  /** Reads and filters for real, then asks the outputs for previews; writes nothing (G7). */
  readonly dryRun?: {
    readonly maxRecords?: number;
    readonly previewLimit: number;
    readonly showCredentials: boolean;
  };
  readonly failpoint?: Failpoint;
  /** How the kernel waits between attempts. Default: `pause`; a test hands in its own clock. */
  readonly wait?: typeof pause;
}

/** A run in progress. */
export interface Run {
  /** Never rejects: a failed run is a result with `status: error`. */
  readonly result: Promise<RunResult>;
  progress(): Progress;
  /** Stops pulling and starting batches; what is in flight completes. */
  pause(): void;
  resume(): void;
  /** Stops pulling, delivers and commits what was pulled; cancels after `graceMs`. */
  stop(graceMs: number): Promise<RunResult>;
  /** Aborts at once, with the fault `run.cancelled`. */
  cancel(reason: string): void;
}

/** Starts a run over a plan. One at a time for each plan; `closePlan` ends the last one's stages. */
export function start(plan: Plan, options: RunOptions): Run {
  const state = runState(plan, options);
  plan.scope.losses = state.losses;
  plan.scope.retries.count = 0;
  plan.scope.retries.last = undefined;
  let isDone = false;
  const result = execute(state).finally(() => {
    isDone = true;
  });

  const gate = (paused: boolean): void => {
    if (paused !== state.paused) plan.input.input.paused?.(paused);
    state.paused = paused;
    state.interrupt();
  };
  return {
    result,
    progress: () => progressOf(state, isDone),
    pause: () => gate(true),
    resume: () => gate(false),
    async stop(graceMs) {
      state.stopping = true;
      state.reading.abort();
      gate(false);
      const timer = setTimeout(
        () => state.cancel(`it did not drain within ${graceMs} ms`),
        graceMs,
      );
      return await result.finally(() => clearTimeout(timer));
    },
    cancel: (reason) => state.cancel(reason),
  };
}

async function execute(state: RunState): Promise<RunResult> {
  const { plan, options } = state;
  const startedAt = new Date();
  const preview = options.dryRun === undefined ? undefined : previewer(state);
  const commits = committer(state);
  options.log.info('execution started');

  try {
    const file = await options.store.load();
    const failure = await openPlan(plan, state.everything.signal, preview !== undefined);
    if (failure !== undefined) state.fail(failure);
    else {
      state.position = await startingPoint(state, file);
      await move(state, commits, preview ?? courier(state));
    }
  } catch (error) {
    state.fail(kernelFailure(faultOf(error, 'run.failed')));
  }
  await commits.finish();
  if (state.failure !== undefined) state.ledger.unflushed();
  if (state.failure !== undefined) state.ledger.ungathered(state.gathered);
  try {
    state.ledger.check();
  } catch (error) {
    state.failure = kernelFailure(faultOf(error, 'ledger.imbalance'));
  }
  refuseWaiters(state);

  state.journal.end();
  const durationMs = Math.round(performance.now() - state.startedAt);
  const result = resultOf(state, startedAt, durationMs, commits.checkpoint(), preview?.previews());
  logEnd(result, state);
  return result;
}

/** Moves batches from the input to the outputs until the input ends and nothing is in flight. */
async function move(
  state: RunState,
  commits: ReturnType<typeof committer>,
  target: { deliver(batch: Batch): Promise<boolean> },
): Promise<void> {
  const { plan, queue, holds, durations } = state;
  const { maxInflight } = batchLimits(state);
  const pass = chain(plan.filters, state.losses.keeps);
  let filtering: Promise<unknown> = Promise.resolve();
  const reader = { isDone: false };

  const active = { count: 0 };
  const process = async (batch: Batch, filtered: Promise<boolean>): Promise<void> => {
    active.count++;
    try {
      if ((await filtered) && (await target.deliver(batch))) commits.delivered(batch);
    } catch (error) {
      state.fail(kernelFailure(faultOf(error, 'run.failed')));
    }
    active.count--;
    state.wake();
  };
  const launch = (batch: Batch): void => {
    batch.isOpen = true;
    state.inflight++;
    batch.seq = state.batches++;
    commits.opened(batch);
    // Filters run one batch at a time, so that state they keep sees the records in order (G3).
    const filtered = filtering.then(() => filterBatch(batch, pass, state));
    filtering = filtered;
    void process(batch, filtered);
  };

  let askedAt = -Infinity;
  /** A filter that is due all the time must not keep everything else from its turn. */
  const untilDue = (): number => Math.max(holds.dueAt(), askedAt + 1) - performance.now();
  const dueBatch = (dueMs: number): Batch | undefined => {
    if (dueMs > 0) return undefined;
    askedAt = performance.now();
    return blankBatch(0);
  };
  const reading = read(state).finally(() => {
    reader.isDone = true;
    durations.input = performance.now() - state.startedAt;
    state.journal.wasRead();
    state.wake();
  });
  while (state.failure === undefined && !(reader.isDone && queue.length === 0)) {
    const isFull = state.inflight >= maxInflight && queue[0]?.isAlone !== true;
    const dueMs = state.paused || state.inflight > 0 ? Infinity : untilDue();
    const next = state.paused || isFull ? undefined : (queue.shift() ?? dueBatch(dueMs));
    if (next === undefined) await state.change(dueMs);
    else {
      launch(next);
      state.wake();
    }
  }
  await reading;
  while (active.count > 0) await state.change();
  const last = await flushFilters(state);
  if (last !== undefined) {
    commits.opened(last);
    if (await target.deliver(last)) commits.delivered(last);
  }
  for (const batch of queue.splice(0)) abandon(batch, state);
}

function progressOf(state: RunState, isDone: boolean): Progress {
  const totals = state.ledger.totals();
  return {
    phase: phaseOf(state, isDone),
    records_read: totals.read,
    records_written: totals.records_written,
    batches: state.batches,
    retries: state.plan.scope.retries.count,
    inflight: state.inflight,
  };
}

function phaseOf(
  { stopping, paused, waiting, plan }: RunState,
  isDone: boolean,
): Progress['phase'] {
  if (isDone) return 'done';
  if (stopping) return 'stopping';
  if (waiting > 0) return 'retrying';
  if (paused) return 'paused';
  return plan.scope.isOpen ? 'running' : 'starting';
}
