import { type Fault, faultOf, type Item, type WriteResult } from '../index.ts';
import { bounded } from './bounded.ts';
import type { Batch } from './cutter.ts';
import { Fate, type Fates } from './fate.ts';
import { incomplete, outsideBatch } from './faults.ts';
import type { Letter } from './losses.ts';
import type { Failpoint, OutputStage, Plan } from './plan.ts';
import { backoffMs } from './retry.ts';
import type { RunState } from './state.ts';
import { verdictOn, type VerdictRules } from './verdict.ts';

/** How an output ended with a batch: it acknowledges, or it failed with a fault. */
export interface Delivery {
  readonly fates: Fates;
  readonly letters: Letter[];
  readonly held: boolean;
  readonly fault?: Fault;
}

export interface LaneOptions {
  readonly plan: Plan;
  readonly rules: VerdictRules;
  readonly failpoint: Failpoint;
  readonly wait: RunState['wait'];
  /** The output waits for its next try, or has succeeded again. */
  onRetry(waits: boolean): void;
}

/** When a delivery ends early. */
export interface Ends {
  /** Aborts what is in flight. */
  readonly abort: AbortSignal;
  /** Lets what is in flight finish, and starts no further attempt. */
  readonly noRetry: AbortSignal;
}

/**
 * Delivers one batch to one output: attempts, retries, `onError`.
 *
 * Records that the destination has accepted are never sent again by a later attempt. In a run that
 * ends there is one attempt; an endless pipeline repeats until it succeeds (spec/runtime/coordinator.md,
 * section 6), unless somebody waits who can decide to send again.
 *
 * @param faults records that failed before any attempt: their `when` could not be evaluated
 */
export async function deliver(
  stage: OutputStage,
  batch: Batch,
  fates: Fates,
  faults: ReadonlyMap<number, Fault>,
  ends: Ends,
  options: LaneOptions,
): Promise<Delivery> {
  const desk = settlement(stage, batch, fates, options.rules);
  let pending = indexesOf(fates, Fate.pending);
  if (faults.size > 0) {
    pending = pending.filter((index) => !faults.has(index));
    desk.settle(faults);
    if (desk.failures().length > 0) return desk.close();
  }

  for (let attempt = 1; pending.length > 0; attempt++) {
    const answer = await write(stage, batch, pending, attempt, ends.abort, options);
    desk.accept(pending, answer);
    if (desk.failures().length === 0) break;
    const fault = desk.failures()[0]?.fault;
    if (
      !options.rules.endless ||
      batch.isAwaited ||
      fault === undefined ||
      fault.retry === false ||
      ends.noRetry.aborted
    ) {
      break;
    }
    stage.log.warn('batch is retried', {
      attempt,
      error: fault.message,
      error_category: fault.category,
    });
    options.onRetry(true);
    const again = await options.wait(backoffMs(fault, attempt), ends.noRetry).then(
      () => true,
      () => false,
    );
    options.onRetry(false);
    if (!again) break;
    pending = desk.reopen();
  }
  return desk.close();
}

interface Answer {
  readonly rejected: ReadonlyMap<number, Fault>;
  readonly unsent: ReadonlySet<number>;
  readonly failure?: Fault;
}

/** One attempt. Indexes of the answer are those of the batch, also where the output has a view. */
async function write(
  stage: OutputStage,
  batch: Batch,
  pending: readonly number[],
  attempt: number,
  abort: AbortSignal,
  { plan, failpoint }: LaneOptions,
): Promise<Answer> {
  const items =
    pending.length === batch.items.length
      ? batch.items
      : pending.map((index) => batch.items[index] as Item);
  const { onError } = stage;
  const given = { items, seq: batch.seq, attempt, failFast: onError === 'fail', onError };
  try {
    await failpoint('before-send');
    const result = await bounded(
      (signal) => stage.output.write(given, signal),
      abort,
      plan.outputDeadlineMs,
    );
    await failpoint('after-send');
    return answerOf(result ?? {}, pending);
  } catch (error) {
    const fault = faultOf(error, 'OUTPUT_FAILED');
    return { rejected: new Map(pending.map((index) => [index, fault])), unsent: new Set() };
  }
}

const allAccepted: Answer = { rejected: new Map(), unsent: new Set() };

function answerOf(
  { rejected = [], unsent = [], failure }: WriteResult,
  pending: readonly number[],
): Answer {
  const original = (index: number): number => {
    const found = pending[index];
    if (found === undefined) throw outsideBatch(index, pending.length);
    return found;
  };
  if (rejected.length + unsent.length === 0 && failure === undefined) return allAccepted;
  return {
    rejected: new Map(rejected.map(({ index, fault }) => [original(index), fault])),
    unsent: new Set(unsent.map(original)),
    ...(failure !== undefined && { failure }),
  };
}

/** Enters what became of the records of a batch at one output. */
function settlement(stage: OutputStage, batch: Batch, fates: Fates, rules: VerdictRules) {
  const letters: Letter[] = [];
  let failures: { index: number; fault: Fault }[] = [];
  let unsent: number[] = [];
  let held = false;
  let attempts = 0;

  const settle = (faults: ReadonlyMap<number, Fault>): void => {
    for (const [index, fault] of faults) {
      const verdict = verdictOn(fault, stage.onError, rules);
      if (verdict === 'fail') failures.push({ index, fault });
      else if (verdict === 'store') {
        fates[index] = Fate.deadLettered;
        letters.push(letterOf(stage, batch, index, fault, attempts));
      } else {
        fates[index] = Fate.failed;
        if (verdict === 'hold') held = true;
      }
    }
    logSettled(stage, faults, failures.length);
  };

  return {
    settle,
    // No getter: V8 keeps what a getter of an object literal closes over until a full collection.
    failures: () => failures,
    accept(pending: readonly number[], { rejected, unsent: left, failure }: Answer): void {
      attempts++;
      if (failure !== undefined) {
        failures = pending.map((index) => ({ index, fault: failure }));
        unsent = [];
        return;
      }
      for (const index of pending) {
        if (!rejected.has(index) && !left.has(index)) fates[index] = Fate.written;
      }
      unsent = [...left];
      if (rejected.size > 0) settle(rejected);
      const [first] = unsent;
      if (first !== undefined && failures.length === 0) {
        failures.push({ index: first, fault: incomplete(unsent.length) });
      }
    },
    /** What the next attempt has to deliver, in order. */
    reopen(): number[] {
      const again = new Set([...failures.map(({ index }) => index), ...unsent]);
      failures = [];
      return [...again].toSorted((a, b) => a - b);
    },
    close(): Delivery {
      const fault = failures[0]?.fault;
      return { fates, letters, held, ...(fault === undefined ? {} : { fault }) };
    },
  };
}

/** The dead letter of a record that an output does not take. */
export function letterOf(
  stage: OutputStage,
  batch: Batch,
  index: number,
  fault: Fault,
  attempts: number,
): Letter {
  return {
    stage: 'output',
    stageId: stage.id,
    batchSeq: batch.seq,
    item: batch.items[index] as Item,
    fault,
    attempts,
  };
}

function logSettled(
  stage: OutputStage,
  faults: ReadonlyMap<number, Fault>,
  failures: number,
): void {
  const [first] = faults.values();
  if (first === undefined || failures === faults.size) return;
  stage.log[stage.onError === 'log' ? 'error' : 'warn']('records not accepted by the output', {
    records_failed: faults.size - failures,
    error: first.message,
    error_category: first.category,
    on_error: stage.onError,
  });
}

/** Indexes of the records with one fate, in order. */
export function indexesOf(fates: Fates, fate: number): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < fates.length; index++) if (fates[index] === fate) indexes.push(index);
  return indexes;
}
