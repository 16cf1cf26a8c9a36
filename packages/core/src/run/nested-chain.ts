import type { Each, EachFilter, Item } from '../index.ts';
import { chain, closeFilters, type Keeps, waits } from './chain.ts';
import { FilterFailure } from './losses.ts';
import type { FilterStage, RunScope } from './plan.ts';
import { blankTally } from './tally.ts';

/**
 * Makes the chain that a filter asks its context for; its records come one at a time.
 *
 * What `onError` of a step says is done here. A fault that leaves the chain is the fault of the filter
 * around it, under that one's `onError`.
 *
 * @param passOver what to do with a step that fails: nothing, or go on behind it with a line at this level
 */
export function nestedChain(
  stages: readonly FilterStage[],
  scope: RunScope,
  passOver?: 'warn' | 'error',
): EachFilter {
  if (stages.length === 0) return { each: (item) => item };
  const keeps: Keeps = (stage, item, index, error) => {
    try {
      return scope.losses.keeps(stage, item, index, error);
    } catch (failure) {
      if (passOver === undefined || (failure as FilterFailure).fault.code === 'run.cancelled') {
        throw failure;
      }
      const { message } = (failure as FilterFailure).fault;
      if (passOver === 'warn') {
        stage.log.warn('skipping nested module error, continuing chain', { error: message });
      } else stage.log.error('nested module error, continuing chain', { error: message });
      return true;
    }
  };
  scope.nested.push(...stages);
  const pass = chain(stages, keeps);
  const tally = blankTally();
  const close = (): Promise<void> => closeFilters(stages);

  if (!waits(stages)) {
    const each = (item: Item, signal: AbortSignal): Each => {
      try {
        return givenBack(pass([item], signal, tally) as Item[]);
      } catch (error) {
        throw faultInside(error);
      }
    };
    return { each, close };
  }
  const concurrency = Math.max(
    ...stages.map(({ filter }) => ('each' in filter ? (filter.concurrency ?? 1) : 1)),
  );
  const each = async (item: Item, signal: AbortSignal): Promise<Each> => {
    try {
      return givenBack(await pass([item], signal, tally));
    } catch (error) {
      throw faultInside(error);
    }
  };
  return { each, concurrency, close };
}

function givenBack(items: Item[]): Each {
  return items.length < 2 ? (items[0] ?? null) : items;
}

function faultInside(error: unknown): unknown {
  return error instanceof FilterFailure ? error.fault : error;
}
