import type { BatchFilter, Each, EachFilter, Item } from '../index.ts';
import { notSynchronous } from './faults.ts';
import type { FilterStage, RunScope } from './plan.ts';
import { blankTally, type FilterTally, split } from './tally.ts';
import { waiting } from './waiting.ts';

/** Filters as one function over a batch. The tally is of the records that went in. */
export type Pass = (
  items: Item[],
  signal: AbortSignal,
  tally: FilterTally,
) => Item[] | Promise<Item[]>;

/**
 * Makes one pass of a list of filters: neighbours that are synchronous are fused, so that a batch
 * goes through all of them in one loop without a promise (architecture.md, section 6).
 */
export function chain(stages: readonly FilterStage[], scope: RunScope): Pass {
  const passes = segments(stages).map((segment) => passOf(segment, scope));
  const [only] = passes;
  if (only !== undefined && passes.length === 1) return only;

  return async (items, signal, tally) => {
    let current = items;
    for (const pass of passes) current = await pass(current, signal, tally);
    return current;
  };
}

/** Makes the chain that a filter asks its context for; its records come one at a time. */
export function nestedChain(stages: readonly FilterStage[], scope: RunScope): EachFilter {
  const pass = chain(stages, scope);
  const waits = segments(stages).some(([first]) => isWaiting(first));
  const tally = blankTally();
  const close = () => closeFilters(stages);
  const given = (items: Item[]): Each => (items.length < 2 ? (items[0] ?? null) : items);

  if (stages.length === 0) return { each: (item) => item };
  if (!waits) {
    return { each: (item, signal) => given(pass([item], signal, tally) as Item[]), close };
  }
  const concurrency = Math.max(
    ...stages.map(({ filter }) => ('each' in filter ? (filter.concurrency ?? 1) : 1)),
  );
  return {
    each: async (item, signal) => given(await pass([item], signal, tally)),
    concurrency,
    close,
  };
}

/** Closes filters, the last first. */
export async function closeFilters(stages: readonly FilterStage[]): Promise<void> {
  for (const { filter } of stages.toReversed()) await filter.close?.();
}

/** Runs of synchronous filters, and every other filter by itself. */
function segments(stages: readonly FilterStage[]): FilterStage[][] {
  const list: FilterStage[][] = [];
  for (const stage of stages) {
    const last = list.at(-1);
    if (last === undefined || isWaiting(stage) || isWaiting(last[0])) list.push([stage]);
    else last.push(stage);
  }
  return list;
}

function isWaiting(stage: FilterStage | undefined): boolean {
  if (stage === undefined || 'batch' in stage.filter) return true;
  const { each, concurrency } = stage.filter;
  return concurrency !== undefined || each.constructor.name === 'AsyncFunction';
}

function passOf(segment: FilterStage[], scope: RunScope): Pass {
  const [stage] = segment;
  if (stage === undefined || !isWaiting(stage)) return fused(segment, scope);
  const { filter } = stage;
  return 'batch' in filter ? whole(stage, filter, scope) : waiting(stage, filter, scope);
}

function fused(stages: readonly FilterStage[], scope: RunScope): Pass {
  const filters = stages.map(({ filter }) => filter as EachFilter);
  const last = filters.length;

  const through = (
    given: Item,
    index: number,
    from: number,
    out: Item[],
    signal: AbortSignal,
    tally: FilterTally,
  ): void => {
    let item = given;
    let at = from;
    for (;;) {
      try {
        for (; at < last; at++) {
          const result = (filters[at] as EachFilter).each(item, signal, index);
          if (result === item) continue;
          if (result === null) return void tally.dropped++;
          if (Array.isArray(result)) {
            split(tally, result.length);
            for (const part of result) through(part, index, at + 1, out, signal, tally);
            return;
          }
          if ('then' in result) throw notSynchronous((stages[at] as FilterStage).type);
          item = result;
        }
        out.push(item);
        return;
      } catch (error) {
        if (!scope.losses.keeps(stages[at] as FilterStage, item, index, error)) return void tally.dropped++;
        at++;
      }
    }
  };

  return (items, signal, tally) => {
    const out: Item[] = [];
    for (let index = 0; index < items.length; index++) {
      through(items[index] as Item, index, 0, out, signal, tally);
    }
    return out;
  };
}

/** A filter that handles batches: what does not come back is dropped, what is new is created. */
function whole(stage: FilterStage, filter: BatchFilter, scope: RunScope): Pass {
  return async (items, signal, tally) => {
    try {
      const before = new Set(items);
      const out = await filter.batch(items, signal);
      const kept = out.reduce((count, item) => (before.has(item) ? count + 1 : count), 0);
      tally.dropped += before.size - kept;
      tally.created += out.length - kept;
      return out;
    } catch (error) {
      const kept = items.filter((item, index) => scope.losses.keeps(stage, item, index, error));
      tally.dropped += items.length - kept.length;
      return kept;
    }
  };
}
