import { type Fault, faultOf, type Item } from '../index.ts';
import { addMarker } from './markers.ts';
import type { FilterStage } from './plan.ts';
import { verdictOn, type VerdictRules } from './verdict.ts';

/** A filter failed under `onError: fail`: the run ends. */
export class FilterFailure extends Error {
  readonly stage: FilterStage;
  readonly fault: Fault;
  readonly index: number;

  constructor(stage: FilterStage, fault: Fault, index: number) {
    super(fault.message, { cause: fault });
    this.stage = stage;
    this.fault = fault;
    this.index = index;
  }
}

/** A record on its way to the dead letters. */
export interface Letter {
  readonly stage: 'input' | 'filter' | 'output';
  /** Path of the module, or id of the output. */
  readonly stageId: string;
  readonly batchSeq: number;
  readonly item?: Item;
  readonly raw?: string;
  readonly fault: Fault;
  readonly attempts: number;
}

/** Records that filters could not handle, of one batch at a time. */
export interface Losses {
  /** Begins a batch: forgets the counts of the one before. */
  begin(batchSeq: number): void;
  /**
   * Decides on a record that a filter failed on, and counts, logs, marks or stores it.
   *
   * @returns whether the record goes on to the next filter
   * @throws FilterFailure under `fail`
   */
  readonly keeps: (stage: FilterStage, item: Item, index: number, error: unknown) => boolean;
  failed(): number;
  /** Takes the dead letters of the batch. */
  letters(): Letter[];
  /** A record was skipped in an outage: no checkpoint may pass it. */
  isHeld(): boolean;
  /** Of one filter in this run: records that it lost, and those that went on in spite of an error. */
  of(stage: FilterStage): { readonly skipped: number; readonly errors: number };
  /** Markers made in this run, by category. */
  readonly errorCounts: Map<string, number>;
}

export function losses(rules: VerdictRules): Losses {
  const errorCounts = new Map<string, number>();
  const perStage = new Map<FilterStage, { skipped: number; errors: number }>();
  let letters: Letter[] = [];
  let seq = 0;
  let failed = 0;
  let held = false;

  const of = (stage: FilterStage): { skipped: number; errors: number } => {
    const counts = perStage.get(stage) ?? { skipped: 0, errors: 0 };
    perStage.set(stage, counts);
    return counts;
  };
  const keepLogged = (stage: FilterStage, item: Item, index: number, fault: Fault): boolean => {
    stage.log.error(`${stage.failure} (continuing)`, factsOf(fault, index));
    of(stage).errors++;
    if (stage.logged === 'drop') failed++;
    if (stage.logged !== 'mark') return stage.logged === 'keep';
    const told = ('each' in stage.filter && stage.filter.marked?.(fault)) || fault;
    addMarker(item, stage.type, told, index);
    errorCounts.set(told.category, (errorCounts.get(told.category) ?? 0) + 1);
    return true;
  };

  return {
    errorCounts,
    of,
    begin(batchSeq) {
      seq = batchSeq;
      failed = 0;
      letters = [];
    },
    keeps(stage, item, index, error) {
      if (error instanceof FilterFailure) throw error;
      const fault = faultOf(error, 'FILTER_FAILED');
      if (stage.onError === 'log' && fault.code !== 'run.cancelled') {
        return keepLogged(stage, item, index, fault);
      }
      const verdict = verdictOn(fault, stage.onError, rules);
      if (verdict === 'fail') {
        stage.log.error('filter processing failed', factsOf(fault, index));
        throw new FilterFailure(stage, fault, index);
      }
      of(stage).skipped++;
      if (verdict === 'store') {
        letters.push({
          stage: 'filter',
          stageId: stage.path,
          batchSeq: seq,
          item,
          fault,
          attempts: 1,
        });
        return false;
      }
      stage.log.warn(`skipping record due to ${stage.failure}`, factsOf(fault, index));
      failed++;
      if (verdict === 'hold') held = true;
      return false;
    },
    letters: () => letters,
    failed: () => failed,
    isHeld: () => held,
  };
}

function factsOf(fault: Fault, index: number): Record<string, string | number> {
  return { record_index: index, error: fault.message, error_category: fault.category };
}
