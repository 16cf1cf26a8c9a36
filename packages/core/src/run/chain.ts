import type { BatchFilter, EachFilter, Item, Refuse } from '../index.ts';
import { notSynchronous } from './faults.ts';
import { isHolding } from './holds.ts';
import type { Losses } from './losses.ts';
import type { FilterStage } from './plan.ts';
import { type FilterTally, split } from './tally.ts';
import { waiting } from './waiting.ts';

/** Filters as one function over a batch, which counts into the tally. */
export type Pass = (
  items: Item[],
  signal: AbortSignal,
  tally: FilterTally,
) => Item[] | Promise<Item[]>;

/** Consecutive filters that run in one pass, and the position of the first. */
export interface Segment {
  readonly stages: readonly FilterStage[];
  readonly from: number;
}

/** Decides on a record that a filter failed on: whether it goes on, or the run ends by a throw. */
export type Keeps = Losses['keeps'];

/**
 * Makes one pass of a list of filters: neighbours that are synchronous are fused, so that a batch
 * goes through all of them in one loop without a promise (architecture.md, section 6).
 *
 * @param first position of the filter to begin with
 */
export function chain(stages: readonly FilterStage[], keeps: Keeps, first = 0): Pass {
  const passes = segments(stages, first).map((segment) => passOf(segment, keeps));
  const [only = unfiltered] = passes;
  if (passes.length <= 1) return only;

  return async (items, signal, tally) => {
    let current = items;
    for (const pass of passes) current = await pass(current, signal, tally);
    return current;
  };
}

const unfiltered: Pass = (items) => items;

/** Tells whether a list of filters has one that is not synchronous. */
export function waits(stages: readonly FilterStage[]): boolean {
  return stages.some(isWaiting);
}

/** Closes filters, the last first. */
export async function closeFilters(stages: readonly FilterStage[]): Promise<void> {
  for (const { filter } of stages.toReversed()) await filter.close?.();
}

/** Runs of synchronous filters, and every other filter by itself. */
function segments(stages: readonly FilterStage[], first: number): Segment[] {
  const list: { stages: FilterStage[]; from: number }[] = [];
  for (const [from, stage] of stages.entries()) {
    if (from < first) continue;
    const last = list.at(-1);
    if (last === undefined || isWaiting(stage) || waits(last.stages)) {
      list.push({ stages: [stage], from });
    } else last.stages.push(stage);
  }
  return list;
}

function isWaiting({ filter }: FilterStage): boolean {
  if ('batch' in filter) return true;
  return filter.concurrency !== undefined || filter.each.constructor.name === 'AsyncFunction';
}

function passOf(segment: Segment, keeps: Keeps): Pass {
  const [stage] = segment.stages;
  if (stage === undefined || !isWaiting(stage)) return fused(segment, keeps);
  const { filter } = stage;
  return 'batch' in filter
    ? whole(stage, filter, segment.from, keeps)
    : waiting(stage, filter, segment.from, keeps);
}

function fused({ stages, from }: Segment, keeps: Keeps): Pass {
  const filters = stages.map(({ filter }) => filter as EachFilter);
  const last = filters.length;

  const through = (
    given: Item,
    index: number,
    first: number,
    out: Item[],
    signal: AbortSignal,
    tally: FilterTally,
  ): void => {
    let item = given;
    let at = first;
    for (;;) {
      try {
        for (; at < last; at++) {
          const result = (filters[at] as EachFilter).each(item, signal, index);
          if (result === item) continue;
          if (result === null) return split(tally, from + at, 0);
          if (Array.isArray(result)) {
            split(tally, from + at, result.length);
            for (const part of result) through(part, index, at + 1, out, signal, tally);
            return;
          }
          if ('then' in result) throw notSynchronous((stages[at] as FilterStage).type);
          item = result;
        }
        out.push(item);
        return;
      } catch (error) {
        if (!keeps(stages[at] as FilterStage, item, index, error)) {
          return split(tally, from + at, 0);
        }
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
function whole(stage: FilterStage, filter: BatchFilter, from: number, keeps: Keeps): Pass {
  return async (items, signal, tally) => {
    const before = new Set(items);
    const given = [...before];
    let refused = 0;
    const refuse: Refuse = (index, fault) => {
      const goesOn = keeps(stage, given[index] as Item, index, fault);
      if (!goesOn) refused++;
      return goesOn;
    };
    let out: Item[];
    tally.entered[from] = (tally.entered[from] ?? 0) + given.length;
    try {
      out = await filter.batch(items, signal, refuse);
    } catch (error) {
      out = items.filter((item, index) => keeps(stage, item, index, error));
    }
    const kept = out.reduce((count, item) => (before.has(item) ? count + 1 : count), 0);
    tally.dropped += before.size - kept;
    tally.created += out.length - kept;
    if (isHolding(filter)) tally.gathered += before.size - kept - refused;
    tally.left[from] = (tally.left[from] ?? 0) + before.size - out.length;
    return out;
  };
}
