import type { Each, EachFilter, Item } from '../index.ts';
import type { Keeps, Pass } from './chain.ts';
import type { FilterStage } from './plan.ts';
import { type FilterTally, split } from './tally.ts';

/**
 * Runs a filter that waits, with up to `concurrency` items in flight. Results keep the order of the
 * items (G3). After a failure under `fail` no further item starts; those in flight are awaited.
 */
export function waiting(stage: FilterStage, filter: EachFilter, from: number, keeps: Keeps): Pass {
  const lanes = filter.concurrency ?? 1;

  return async (items, signal, tally) => {
    const results: (Each | undefined)[] = Array.from({ length: items.length });
    const failures: { index: number; error: unknown }[] = [];
    let next = 0;

    const lane = async (): Promise<void> => {
      while (next < items.length && failures.length === 0) {
        const index = next++;
        const item = items[index] as Item;
        try {
          results[index] = await filter.each(item, signal, index);
        } catch (error) {
          try {
            results[index] = keeps(stage, item, index, error) ? item : null;
          } catch (failure) {
            failures.push({ index, error: failure });
          }
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));

    const [first] = failures.toSorted((a, b) => a.index - b.index);
    if (first !== undefined) throw first.error;
    return collect(results, from, tally);
  };
}

function collect(results: readonly (Each | undefined)[], from: number, tally: FilterTally): Item[] {
  const out: Item[] = [];
  for (const result of results) {
    const parts = Array.isArray(result) ? result : [result ?? null];
    const items = parts.filter((item) => item !== null);
    if (items.length !== 1) split(tally, from, items.length);
    out.push(...items);
  }
  return out;
}
