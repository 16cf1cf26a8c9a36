import { faultOf, type Json } from '../index.ts';
import type { Batch } from './cutter.ts';
import { kernelFailure, outputFailure } from './failure.ts';
import { commitFailed, noSafePoint } from './faults.ts';
import { keeperOf } from './keeper.ts';
import { isBuffering, release, type RunState } from './state.ts';

/**
 * Saves positions: in the order of the batches, never ahead of delivery (G1).
 *
 * Batches that are delivered while a save is under way share the next one. Where something buffers in
 * a run that ends, there is one save, at the end.
 */
export interface Committer {
  /** A batch has started; commits keep this order. */
  opened(batch: Batch): void;
  /** The commit policy holds for it. */
  delivered(batch: Batch): void;
  /** Flushes what buffers and saves the rest. */
  finish(): Promise<void>;
  /** The newest checkpoint that is saved; in a dry run, that would be. */
  checkpoint(): Json | undefined;
}

/** Batches that are delivered, in order, and not saved. */
interface Group {
  checkpoint: Json | undefined;
  readonly batches: Batch[];
}

const saveDelaysMs = [100, 400, 1600];

export function committer(state: RunState): Committer {
  const { plan, options } = state;
  const keeps = keeperOf(plan) !== undefined && options.dryRun === undefined;
  const buffers = plan.outputs.some(({ output }) => isBuffering(output));
  const isDeferred = !state.endless && (keeps ? state.holds.some : buffers || state.holds.all);
  const intervalMs = keeps ? 0 : plan.checkpointIntervalMs;
  /** Delivered, in order, but for what a filter holds of them. */
  const kept: Batch[] = [];
  const window: { readonly batch: Batch; isDelivered: boolean }[] = [];
  const finishing = new AbortController();
  let group: Group = { checkpoint: undefined, batches: [] };
  let saving: Promise<void> | undefined;
  let saved: Json | undefined;
  let lastSave = -Infinity;

  /** A destination that keeps the checkpoint commits only where there is one. */
  const isDue = (): boolean =>
    group.batches.length > 0 && (!keeps || group.checkpoint !== undefined);

  /** Moves the delivered batches at the head of the window into the group. */
  const collect = (): void => {
    while (window[0]?.isDelivered === true) {
      const { batch: newest } = window[0];
      window.shift();
      newest.items = [];
      kept.push(newest);
      state.partial ||= newest.held;
      takeInto(newest.frees);
      // What a filter holds is for the filter to bound; the next batch may begin.
      if (kept.length > 0) release(newest, state);
    }
  };

  /** G1: a batch counts when nothing of it is left inside a filter. */
  const takeInto = (frees: number): void => {
    for (let batch = kept[0]; batch !== undefined && batch.pass < frees; batch = kept[0]) {
      kept.shift();
      state.gathered -= batch.gathered;
      if (!state.partial && batch.checkpoint !== undefined) group.checkpoint = batch.checkpoint;
      group.batches.push(batch);
      if (isDeferred || intervalMs > 0 || !isDue()) release(batch, state);
    }
  };

  const saveGroup = async (): Promise<void> => {
    const { checkpoint, batches } = group;
    group = { checkpoint: undefined, batches: [] };
    if (!(await flushOutputs(state, checkpoint))) return;
    if (checkpoint !== undefined) {
      if (options.dryRun === undefined) await save(checkpoint, state);
      saved = checkpoint;
      state.position = checkpoint;
      lastSave = performance.now();
    }
    for (const batch of batches) settle(batch);
  };
  /** Tells those who wait for it that it is delivered. */
  const settle = (batch: Batch): void => {
    for (const chunk of batch.waiters) {
      state.waiters.delete(chunk);
      chunk.settled?.({ delivered: true, counts: batch.counts });
    }
    release(batch, state);
  };

  /** The one writer. */
  const saveAll = async (): Promise<void> => {
    try {
      while (isDue() && !state.everything.signal.aborted) {
        const rest = lastSave + intervalMs - performance.now();
        if (rest > 0) await state.wait(rest, finishing.signal).catch(() => undefined);
        await saveGroup();
      }
    } catch (error) {
      state.fail(kernelFailure(faultOf(error, 'OUTPUT_FAILED')));
    }
  };
  const beginSaving = (): void => {
    saving ??= saveAll().finally(() => {
      saving = undefined;
      // A batch may have been delivered since the last look.
      if (isDue() && state.failure === undefined) beginSaving();
    });
  };

  return {
    opened(batch) {
      if (!batch.isAwaited) window.push({ batch, isDelivered: false });
    },
    delivered(batch) {
      // It moves no position, so it waits for nothing but the flush.
      if (batch.isAwaited && !buffers) return settle(batch);
      if (batch.isAwaited) group.batches.push(batch);
      const open = window.find((entry) => entry.batch === batch);
      if (open !== undefined) open.isDelivered = true;
      collect();
      if (!isDeferred) beginSaving();
    },
    async finish() {
      finishing.abort();
      await saving;
      // G1: what a failed run has left in a buffer is not delivered, so nothing is saved for it.
      const isLost = state.failure !== undefined && (isDeferred || buffers);
      if (!isLost) await saveAll();
      if (keeps && state.failure === undefined && group.batches.some(({ raw }) => raw > 0)) {
        state.fail(kernelFailure(noSafePoint()));
      }
    },
    checkpoint: () => saved,
  };
}

/** G1: what outputs buffer is made durable before the position is saved. False: the run has failed. */
async function flushOutputs(state: RunState, checkpoint: Json | undefined): Promise<boolean> {
  const { plan, options, ledger, everything, position } = state;
  if (options.dryRun !== undefined) return true;
  for (const [index, { output }] of plan.outputs.entries()) {
    try {
      await output.flush?.(everything.signal);
      if (checkpoint === undefined) continue;
      const kept = { checkpoint, previous: position ?? {} };
      await output.checkpoints?.save(kept, everything.signal);
    } catch (error) {
      state.fail(outputFailure(plan, index, faultOf(error, 'OUTPUT_FAILED')));
      return false;
    }
  }
  ledger.flushed();
  return true;
}

async function save(
  checkpoint: Json,
  { options, plan, failpoint, wait, everything }: RunState,
): Promise<void> {
  await failpoint('before-save');
  for (const delay of [...saveDelaysMs, undefined]) {
    try {
      await options.store.save(checkpoint);
      break;
    } catch (error) {
      if (delay === undefined) throw commitFailed(error);
      options.log.warn('checkpoint is not saved yet', {
        error: faultOf(error, 'state.commit-failed').message,
      });
      await wait(delay, everything.signal);
    }
  }
  await failpoint('after-save');
  // The source is told only now: it may forget what it confirms.
  await failpoint('before-confirm');
  await plan.input.input.commit?.(checkpoint);
}
