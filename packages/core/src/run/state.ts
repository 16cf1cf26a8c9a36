import type { Chunk, Fault, Json, Output } from '../index.ts';
import { watch } from './bounded.ts';
import type { Batch } from './cutter.ts';
import { type Failure, kernelFailure } from './failure.ts';
import { cancelledBecause } from './faults.ts';
import { type Holds, holds } from './holds.ts';
import { type Journal, journal } from './journal.ts';
import { keeperOf } from './keeper.ts';
import { type Ledger, ledger } from './ledger.ts';
import { type Losses, losses } from './losses.ts';
import type { Failpoint, Plan } from './plan.ts';
import { pause } from './retry.ts';
import type { RunOptions } from './start.ts';
import type { VerdictRules } from './verdict.ts';

/** What the parts of one run share. */
export interface RunState {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly endless: boolean;
  readonly rules: VerdictRules;
  readonly ledger: Ledger;
  readonly losses: Losses;
  readonly holds: Holds;
  readonly failpoint: Failpoint;
  readonly wait: typeof pause;
  journal: Journal;
  /** Ends the reading. */
  readonly reading: AbortController;
  /** Ends waits between attempts; what is in flight completes. */
  readonly retrying: AbortController;
  /** Ends everything. */
  readonly everything: AbortController;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** The checkpoint of the pipeline, as it was saved last. */
  position: Json | undefined;
  failure: Failure | undefined;
  stopping: boolean;
  paused: boolean;
  partial: boolean;
  /** Outputs that wait for their next attempt. */
  waiting: number;
  batches: number;
  /** Bytes that were pulled and are not committed. */
  bytes: number;
  inflight: number;
  /** Records that filters have taken in, and nothing of them is delivered. */
  gathered: number;
  /** Chunks whose sender waits for their fate. */
  readonly waiters: Set<Chunk>;
  /** Batches that are cut and not started. */
  readonly queue: Batch[];
  readonly durations: { input: number; filter: number; output: number };
  fail(failure: Failure): void;
  cancel(reason: string): void;
  /** Something changed that somebody may wait for. */
  wake(): void;
  /** Ends at the next `wake`, or after `ms`. */
  change(ms?: number): Promise<void>;
  /** The run is paused, goes on, or has failed: wakes also the reader that waits for its input. */
  interrupt(): void;
  /** Calls at the next `interrupt`. For the reader alone; asking again forgets the question before. */
  onInterrupt(call: () => void): void;
}

export function runState(plan: Plan, options: RunOptions): RunState {
  const endless = plan.input.input.endless === true;
  const { onErrorScope, deadLetter } = plan;
  const rules: VerdictRules = {
    onErrorScope,
    endless,
    // Beside what a transaction keeps with its position, nothing can be left for later.
    mayHold: !endless && keeperOf(plan) === undefined,
    ...(deadLetter === undefined ? {} : { deadLetter }),
  };
  let changed: PromiseWithResolvers<void> | undefined;
  let interrupted: (() => void) | undefined;

  const state: Omit<RunState, 'journal'> & { journal?: Journal } = {
    plan,
    options,
    endless,
    rules,
    ledger: ledger(plan.outputs.map(({ output }) => isBuffering(output))),
    losses: losses(rules),
    holds: holds(plan.filters),
    failpoint: options.failpoint ?? (() => undefined),
    wait: options.wait ?? pause,
    reading: new AbortController(),
    retrying: new AbortController(),
    everything: new AbortController(),
    startedAt: performance.now(),
    position: undefined,
    failure: undefined,
    stopping: false,
    paused: false,
    partial: false,
    waiting: 0,
    batches: 0,
    bytes: 0,
    inflight: 0,
    gathered: 0,
    waiters: new Set(),
    queue: [],
    durations: { input: 0, filter: 0, output: 0 },
    fail(failure) {
      state.failure ??= failure;
      state.reading.abort(failure.fault);
      state.retrying.abort(failure.fault);
      state.interrupt();
    },
    cancel(reason) {
      const fault = cancelledBecause(reason);
      state.fail(kernelFailure(fault));
      state.everything.abort(fault);
    },
    wake() {
      changed?.resolve();
      changed = undefined;
    },
    change(ms = Infinity) {
      changed ??= Promise.withResolvers<void>();
      return ms === Infinity ? changed.promise : withTimer(changed.promise, ms);
    },
    interrupt() {
      interrupted?.();
      state.wake();
    },
    onInterrupt(call) {
      interrupted = call;
    },
  };
  watch(state.everything.signal);
  return Object.assign(state, { journal: journal(state as RunState) });
}

async function withTimer(changed: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(ms, 0));
  await Promise.race([changed, promise]);
  clearTimeout(timer);
}

/** What it has taken is not yet delivered: that comes with `flush`, or with the checkpoint it keeps. */
export function isBuffering(output: Output): boolean {
  return output.flush !== undefined || output.checkpoints !== undefined;
}

/** Tells those who still wait that their records were not delivered. */
export function refuseWaiters({ waiters, failure }: RunState): void {
  for (const chunk of waiters) refuse(chunk, failure?.fault);
  waiters.clear();
}

/** Tells the one who waits that its records were not delivered. */
export function refuse(chunk: Chunk, fault: Fault | undefined): void {
  const counts = { written: 0, dropped: 0, failed: chunk.items.length, deadLettered: 0 };
  chunk.settled?.({ delivered: false, ...(fault === undefined ? {} : { fault }), counts });
}

/**
 * A batch has failed. In a pipeline that never ends, those who wait for it are told and the others go
 * on; else the run has failed.
 */
export function giveUp(batch: Batch, failure: Failure, state: RunState): void {
  const isOwn = state.endless && batch.isAwaited && failure.stage !== 'kernel';
  if (!isOwn || state.failure !== undefined || failure.fault.code === 'run.cancelled') {
    state.fail(failure);
    return;
  }
  for (const chunk of batch.waiters) {
    state.waiters.delete(chunk);
    refuse(chunk, failure.fault);
  }
  release(batch, state);
}

/** Gives back what a batch holds of the budget. Twice is once. */
export function release(batch: Batch, state: RunState): void {
  state.bytes -= batch.bytes;
  batch.bytes = 0;
  if (!batch.isOpen) return;
  batch.isOpen = false;
  state.inflight--;
  state.wake();
}
