import { type Fault, faultOf, type Item } from '../index.ts';
import { Fate, type Fates, pendingFates } from './fate.ts';
import { unmatchedRecord } from './faults.ts';
import type { Plan } from './plan.ts';

/** Which records go where. */
export interface Routes {
  /** Per output: `dropped` for the records that it does not take, else pending. */
  readonly fates: readonly Fates[];
  /** Per output: records on which its `when` could not be evaluated. */
  readonly faults: readonly ReadonlyMap<number, Fault>[];
  /** Records that no output takes, if `unmatched` says to store them. */
  readonly unmatched: readonly number[];
}

/**
 * Evaluates `when` once for each record and output.
 *
 * @throws `routing.unmatched`
 * @see spec/connectors/roadmap.md, section 12
 */
export function route(items: readonly Item[], plan: Plan): Routes {
  const fates = plan.outputs.map(() => pendingFates(items.length));
  if (plan.outputs.every(({ when }) => when === undefined) && plan.routing === 'all') {
    return { fates, faults: [], unmatched: [] };
  }
  const faults = plan.outputs.map(() => new Map<number, Fault>());
  const unmatched: number[] = [];

  const takes = (output: number, index: number): boolean => {
    const { when } = plan.outputs[output] ?? {};
    try {
      return when === undefined || when((items[index] as Item).record);
    } catch (error) {
      faults[output]?.set(index, faultOf(error, 'OUTPUT_FAILED'));
      return true;
    }
  };
  for (let index = 0; index < items.length; index++) {
    let taken = false;
    for (const [output, list] of fates.entries()) {
      const isOpen = plan.routing === 'all' || !taken;
      if (isOpen && takes(output, index)) taken = true;
      else list[index] = Fate.dropped;
    }
    if (taken || plan.routing === 'all' || plan.unmatched === 'drop') continue;
    if (plan.unmatched === 'fail') throw unmatchedRecord(index);
    unmatched.push(index);
    for (const list of fates) list[index] = Fate.deadLettered;
  }
  return { fates, faults, unmatched };
}
