import type { BatchFilter } from '../index.ts';
import type { FilterStage } from './plan.ts';

/** Knows which batches have left something inside filters: their checkpoints have to wait (G1). */
export interface Holds {
  /** Some filter holds items from batch to batch. */
  readonly some: boolean;
  /** Some filter lets go of nothing before the end of the run. */
  readonly all: boolean;
  /**
   * A batch has gone through the filters.
   *
   * @param entered per filter: records that went in
   * @returns the number of this pass, and how many passes, from the first, have left nothing inside
   */
  passed(entered: readonly number[]): { readonly pass: number; readonly frees: number };
  /** When a filter wants to be asked again, by `performance.now()`; Infinity: never. */
  dueAt(): number;
}

/** One pass, with an entry for each filter that holds. */
interface Pass {
  /** Records that it was given up to the end of this pass. */
  readonly ends: readonly number[];
  /** Passes, from the first, of which it held nothing when this one ended. */
  readonly done: number[];
}

export function holds(filters: readonly FilterStage[]): Holds {
  const holding = filters.flatMap(({ filter }, index) =>
    isHolding(filter) ? [{ filter, index }] : [],
  );
  const ends = holding.map(() => 0);
  /** Passes from `first` on; those before are out of every filter. */
  const passes: Pass[] = [];
  let first = 0;
  const at = (pass: number): Pass | undefined => passes[pass - first];

  return {
    some: holding.length > 0,
    all: holding.some(({ filter }) => filter.oldest === undefined),
    passed(entered) {
      const pass = first + passes.length;
      const before = passes.at(-1)?.done;
      for (const [one, { index }] of holding.entries()) {
        ends[one] = (ends[one] ?? 0) + (entered[index] ?? 0);
      }
      const now: Pass = { ends: [...ends], done: [] };
      passes.push(now);
      for (const [one, { filter }] of holding.entries()) {
        const oldest = filter.oldest === undefined ? 0 : (filter.oldest() ?? Infinity);
        let count = before?.[one] ?? 0;
        while (count <= pass && (at(count)?.ends[one] ?? 0) <= oldest) count++;
        now.done.push(count);
      }
      // What has left one filter in a pass is inside the next from that pass on.
      let frees = pass + 1;
      for (let one = holding.length - 1; one >= 0 && frees > 0; one--) {
        frees = at(frees - 1)?.done[one] ?? 0;
      }
      if (frees - 1 > first) passes.splice(0, frees - 1 - first);
      first = Math.max(first, frees - 1);
      return { pass, frees };
    },
    dueAt: () => Math.min(...holding.map(({ filter }) => filter.dueAt?.() ?? Infinity)),
  };
}

/** Tells whether a filter gives items later than it was given them. */
export function isHolding(filter: FilterStage['filter']): filter is BatchFilter {
  return 'batch' in filter && filter.flush !== undefined;
}
