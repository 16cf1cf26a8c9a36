import { type Fault, faultOf, type Item } from '../index.ts';
import type { Pass } from './chain.ts';
import type { Batch } from './cutter.ts';
import { type Failure, filterFailure, kernelFailure, outputFailure } from './failure.ts';
import { Fate, type Fates, pendingFates } from './fate.ts';
import { leftBehind, unmatchedRecord } from './faults.ts';
import { type Delivery, deliver, indexesOf, letterOf } from './lane.ts';
import { deadLetters } from './letters.ts';
import { FilterFailure } from './losses.ts';
import { commitPolicy } from './policy.ts';
import { route, type Routes } from './route.ts';
import { giveUp, type RunState } from './state.ts';
import { absorb, blankTally } from './tally.ts';

/** How long the outputs that do not count are waited for, in a pipeline that never ends. */
const patienceMs = 5000;

/**
 * Runs a batch through the filters, and counts what they did.
 *
 * @returns false when the run failed, and the batch with it
 */
export async function filterBatch(batch: Batch, pass: Pass, state: RunState): Promise<boolean> {
  const { losses, holds, ledger, plan, everything, durations, journal } = state;
  if (state.failure !== undefined) {
    abandon(batch, state);
    return false;
  }
  const started = performance.now();
  const tally = blankTally();
  losses.begin(batch.seq);
  try {
    await state.failpoint('in-filter');
    journal.began('filter');
    batch.items = await pass(batch.items, everything.signal, tally);
    const letters = losses.letters();
    absorb(tally, losses.failed(), letters.length);
    ledger.filtered(tally);
    journal.filtered(batch.raw, tally);
    batch.letters.push(...letters);
    batch.held = losses.isHeld();
    if (holds.some) Object.assign(batch, holds.passed(tally.entered), { gathered: tally.gathered });
    state.gathered += batch.gathered;
    return true;
  } catch (error) {
    const failure =
      error instanceof FilterFailure
        ? filterFailure(plan, error)
        : kernelFailure(faultOf(error, 'FILTER_FAILED'));
    abandon(batch, state);
    giveUp(batch, failure, state);
    return false;
  } finally {
    durations.filter += performance.now() - started;
  }
}

const none: ReadonlyMap<number, Fault> = new Map();

/** Delivers batches to all outputs at once, each output in the order of the batches. */
export function courier(state: RunState) {
  const { plan, ledger } = state;
  const policy = commitPolicy(plan);
  const store = deadLetters(state);
  /** Per output: its work so far. The next batch begins when the one before is settled (G3). */
  const lanes = plan.outputs.map(() => Promise.resolve());

  const toOutput = (
    output: number,
    batch: Batch,
    routes: Routes,
    ends: Parameters<typeof deliver>[4],
  ): Promise<Delivery> => {
    const stage = plan.outputs[output];
    const fates = routes.fates[output] ?? [];
    const { concurrent } = stage?.output ?? {};
    const isFree = concurrent === 'batches' || (batch.isAlone && concurrent !== undefined);
    const turn = (isFree ? undefined : lanes[output]) ?? Promise.resolve();
    const work = turn.then(async (): Promise<Delivery> => {
      const fault = state.failure?.fault;
      if (stage === undefined || fault !== undefined) {
        return { fates, letters: [], held: false, fault: fault ?? leftBehind() };
      }
      return await deliver(stage, batch, fates, routes.faults[output] ?? none, ends, {
        plan,
        rules: state.rules,
        failpoint: state.failpoint,
        wait: state.wait,
        onRetry: (waits) => void (state.waiting += waits ? 1 : -1),
      });
    });
    if (!isFree) {
      lanes[output] = work.then(
        () => undefined,
        () => undefined,
      );
    }
    return work;
  };

  const { everything, retrying } = state;
  const untilTheEnd = {
    abort: everything.signal,
    noRetry: AbortSignal.any([everything.signal, retrying.signal]),
  };

  const toAll = async (batch: Batch, routes: Routes): Promise<Delivery[]> => {
    // Nobody waits for an only output but the run.
    if (plan.outputs.length === 1) return [await toOutput(0, batch, routes, untilTheEnd)];
    const giveUp = new AbortController();
    const noRetry = new AbortController();
    const abort = AbortSignal.any([everything.signal, giveUp.signal]);
    const ends = {
      abort,
      noRetry: AbortSignal.any([abort, retrying.signal, noRetry.signal]),
    };
    const acknowledged = plan.outputs.map(() => false);
    const failed = plan.outputs.map(() => false);
    let patience: NodeJS.Timeout | undefined;

    const deliveries = plan.outputs.map(async (_, output) => {
      const delivery = await toOutput(output, batch, routes, ends);
      const isDone = delivery.fault === undefined;
      (isDone ? acknowledged : failed)[output] = true;
      if (!policy.mayHold(failed)) noRetry.abort();
      // P8: an output that the policy does not need holds up nobody for long.
      if (state.endless && policy.holds(acknowledged)) {
        patience ??= setTimeout(() => giveUp.abort(leftBehind()), patienceMs);
      }
      return delivery;
    });
    const all = await Promise.all(deliveries);
    clearTimeout(patience);
    return all;
  };

  return {
    /** @returns whether the commit policy holds: the batch may be committed */
    async deliver(batch: Batch): Promise<boolean> {
      const started = performance.now();
      state.journal.began('output');
      let fates: readonly Fates[] | undefined;
      const lettersBefore = batch.letters.length;
      let isStored = false;
      let failure: Failure | undefined;
      try {
        const routes = route(batch.items, plan);
        ({ fates } = routes);
        for (const index of routes.unmatched) batch.letters.push(unmatchedLetter(batch, index));
        const all = await toAll(batch, routes);
        for (const delivery of all) {
          batch.letters.push(...delivery.letters);
          batch.held ||= delivery.held;
        }
        if (!policy.holds(all.map(({ fault }) => fault === undefined))) {
          failure = firstFailure(all, state);
          return false;
        }
        missed(batch, all, state);
        if (batch.letters.length > 0) await store(batch.letters);
        isStored = true;
        return true;
      } catch (error) {
        failure = kernelFailure(faultOf(error, 'OUTPUT_FAILED'));
        return false;
      } finally {
        fates ??= plan.outputs.map(() => pendingFates(batch.items.length));
        if (!isStored) unstore(fates);
        if (!isStored) ledger.unstored(lettersBefore);
        batch.counts = ledger.closed(fates);
        if (failure !== undefined) giveUp(batch, failure, state);
        state.durations.output += performance.now() - started;
      }
    },
  };
}

/** Counts a batch that never reached the outputs. */
export function abandon(batch: Batch, { ledger }: RunState): void {
  ledger.abandoned(batch.raw);
  ledger.unstored(batch.letters.length);
}

/** Dead letters that are not durable are none. */
function unstore(fates: readonly Fates[]): void {
  for (const list of fates) {
    for (const index of indexesOf(list, Fate.deadLettered)) list[index] = Fate.failed;
  }
}

/** The fault of the first output that the policy needed. */
function firstFailure(all: readonly Delivery[], { plan }: RunState): Failure {
  const needed =
    plan.commitPolicy.mode === 'required' ? plan.outputs.map(({ required }) => required) : [];
  const index = all.findIndex(
    ({ fault }, output) => fault !== undefined && needed[output] !== false,
  );
  const fault = all[index]?.fault;
  return outputFailure(plan, index, fault ?? leftBehind());
}

/** What outputs missed that the policy does not need: stored if there is a place, else failed. */
function missed(batch: Batch, all: readonly Delivery[], { plan, options }: RunState): void {
  for (const [output, { fates, fault }] of all.entries()) {
    const stage = plan.outputs[output];
    if (fault === undefined || stage === undefined) continue;
    const records = indexesOf(fates, Fate.pending);
    stage.log.error('output missed a batch', {
      records_failed: records.length,
      error: fault.message,
      error_category: fault.category,
    });
    if (options.deadLetters === undefined) continue;
    for (const index of records) {
      fates[index] = Fate.deadLettered;
      batch.letters.push(letterOf(stage, batch, index, fault, 1));
    }
  }
}

function unmatchedLetter(batch: Batch, index: number) {
  const fault = unmatchedRecord(index);
  return {
    stage: 'output' as const,
    stageId: 'unmatched',
    batchSeq: batch.seq,
    item: batch.items[index] as Item,
    fault,
    attempts: 0,
  };
}
