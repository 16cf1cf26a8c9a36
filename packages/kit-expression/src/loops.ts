import { operations } from './arithmetic.ts';
import { type Environment, failure, type Frame, type Run, type Site, spend } from './code.ts';
import { listArgument } from './functions/builtin.ts';
import { keyOf, newMap, sorted } from './functions/lists.ts';
import { integer, kindOf } from './kinds.ts';
import { loopSlots } from './syntax.ts';

/** A function that runs a predicate for each element of a list. */
export interface Loop {
  readonly least: number;
  readonly most: number;
  readonly run: (pass: Pass, items: readonly unknown[], env: Environment, frame: Frame) => unknown;
}

/** A loop as it was compiled. */
export interface Pass {
  readonly site: Site;
  /** First of the slots that are the loop's own. */
  readonly slot: number;
  /** Absent: the element itself. */
  readonly predicate: Run | undefined;
  /** The argument after the predicate. */
  readonly extra: Run | undefined;
}

/** Compiles a call of a loop. */
export function looped({ run }: Loop, list: Run, pass: Pass): Run {
  return (env, frame) => {
    const value = list(env, frame);
    frame.site = pass.site;
    return run(pass, listArgument(frame, value), env, frame);
  };
}

export const loops: ReadonlyMap<string, Loop> = new Map<string, Loop>(
  Object.entries({
    all: loop(2, 2, (...run) => first(false, ...run) === -1),
    any: loop(2, 2, (...run) => first(true, ...run) !== -1),
    none: loop(2, 2, (...run) => first(true, ...run) === -1),
    one: loop(2, 2, (...run) => matching(...run).length === 1),
    count: loop(1, 2, (...run) => integer(matching(...run).length)),
    filter: loop(2, 2, (pass, items, env, frame) =>
      matching(pass, items, env, frame).map((index) => items[index]),
    ),
    map: loop(2, 2, values),
    find: loop(2, 2, (pass, items, env, frame) => items[first(true, pass, items, env, frame)]),
    findIndex: loop(2, 2, (...run) => position(first(true, ...run))),
    findLast: loop(2, 2, (pass, items, env, frame) => items[last(pass, items, env, frame)]),
    findLastIndex: loop(2, 2, (...run) => position(last(...run))),
    groupBy: loop(2, 2, grouped),
    sortBy: loop(2, 3, (pass, items, env, frame) =>
      sorted(frame, items, values(pass, items, env, frame), pass.extra?.(env, frame)),
    ),
    sum: loop(1, 2, (pass, items, env, frame) =>
      values(pass, items, env, frame).reduce<unknown>(
        (sum, value) => operations['+'](pass.site, sum, value),
        0n,
      ),
    ),
    reduce: loop(2, 3, reduced),
  }),
);

function loop(least: number, most: number, run: Loop['run']): Loop {
  return { least, most, run };
}

function valueAt(
  { site, slot, predicate }: Pass,
  items: readonly unknown[],
  index: number,
  env: Environment,
  frame: Frame,
): unknown {
  frame.site = site;
  spend(frame, 1);
  if (predicate === undefined) return items[index];
  frame.slots[slot + loopSlots.element] = items[index];
  frame.slots[slot + loopSlots.index] = index;
  return predicate(env, frame);
}

function holdsAt(
  pass: Pass,
  items: readonly unknown[],
  index: number,
  env: Environment,
  frame: Frame,
): boolean {
  const value = valueAt(pass, items, index, env, frame);
  if (value === true || value === false) return value;
  const reason = `invalid operation: the predicate gives ${kindOf(value)}, not a boolean,`;
  throw failure(pass.site, reason, 'Compare it, as in `.name != nil`.');
}

/** Index of the first element for which the predicate gives this, -1 if there is none. */
function first(
  wanted: boolean,
  pass: Pass,
  items: readonly unknown[],
  env: Environment,
  frame: Frame,
): number {
  for (let index = 0; index < items.length; index += 1) {
    if (holdsAt(pass, items, index, env, frame) === wanted) return index;
  }
  return -1;
}

function last(pass: Pass, items: readonly unknown[], env: Environment, frame: Frame): number {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    if (holdsAt(pass, items, index, env, frame)) return index;
  }
  return -1;
}

function matching(pass: Pass, items: readonly unknown[], env: Environment, frame: Frame): number[] {
  const found: number[] = [];
  for (let index = 0; index < items.length; index += 1) {
    if (holdsAt(pass, items, index, env, frame)) found.push(index);
  }
  return found;
}

function values(pass: Pass, items: readonly unknown[], env: Environment, frame: Frame): unknown[] {
  return items.map((_, index) => valueAt(pass, items, index, env, frame));
}

/** An index as an integer, nil for none. */
function position(index: number): bigint | undefined {
  return index === -1 ? undefined : integer(index);
}

function grouped(pass: Pass, items: readonly unknown[], env: Environment, frame: Frame) {
  const groups = newMap() as Record<string, unknown[]>;
  for (const [index, item] of items.entries()) {
    const key = keyOf(frame, valueAt(pass, items, index, env, frame));
    (groups[key] ??= []).push(item);
  }
  return groups;
}

/** Without a value to begin with, the first element is it. */
function reduced(pass: Pass, items: readonly unknown[], env: Environment, frame: Frame): unknown {
  const { site, slot, extra } = pass;
  if (items.length === 0 && extra === undefined) {
    throw failure(site, 'an empty list has nothing to begin with', 'Give a third argument.');
  }
  let result = extra === undefined ? items[0] : extra(env, frame);
  for (let index = extra === undefined ? 1 : 0; index < items.length; index += 1) {
    frame.slots[slot + loopSlots.accumulator] = result;
    result = valueAt(pass, items, index, env, frame);
  }
  return result;
}
