import { memberOf, valueOf } from '../access.ts';
import { failure, type Frame, spend } from '../code.ts';
import { areEqual, compare } from '../comparison.ts';
import { integer, isMap, kindOf, numberOf } from '../kinds.ts';
import { outOfReach } from '../limits.ts';
import {
  type Builtin,
  countArgument,
  listArgument,
  takes,
  textArgument,
  wrongArgument,
} from './builtin.ts';

export const listFunctions = {
  len: takes(1, 1, (frame, value) => {
    if (typeof value === 'string') return integer(characters(textArgument(frame, value)));
    if (Array.isArray(value)) return integer(value.length);
    if (isMap(value)) return integer(Object.keys(value).length);
    throw wrongArgument(frame, value, value == null ? 'Test for `nil` first.' : undefined);
  }),
  first: takes(1, 1, (frame, value) => sequenceArgument(frame, value)[0]),
  last: takes(1, 1, (frame, value) => sequenceArgument(frame, value).at(-1)),
  take: takes(2, 2, (frame, value, count) => {
    const number = countArgument(frame, count);
    if (number < 0) throw failure(frame.site, `cannot take ${number} elements`);
    return listArgument(frame, value).slice(0, number);
  }),
  reverse: takes(1, 1, (frame, value) => counted(frame, listArgument(frame, value)).toReversed()),
  concat: takes(1, Infinity, (frame, ...values) =>
    values.flatMap((value) => counted(frame, listArgument(frame, value))),
  ),
  flatten: takes(1, 1, (frame, value) => {
    const flat: unknown[] = [];
    flatten(frame, listArgument(frame, value), flat);
    return flat;
  }),
  uniq: takes(1, 1, (frame, value) => unique(frame, listArgument(frame, value))),
  sort: takes(1, 2, (frame, value, order) => {
    const list = listArgument(frame, value);
    return sorted(frame, list, list, order);
  }),
  keys: takes(1, 1, (frame, value) => Object.keys(mapArgument(frame, value))),
  values: takes(1, 1, (frame, value) => Object.values(mapArgument(frame, value))),
  toPairs: takes(1, 1, (frame, value) => Object.entries(mapArgument(frame, value))),
  fromPairs: takes(1, 1, (frame, value) => {
    const map = newMap();
    for (const pair of counted(frame, listArgument(frame, value))) {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw failure(frame.site, 'a pair is a list of a key and a value');
      }
      map[keyOf(frame, pair[0])] = pair[1];
    }
    return map;
  }),
  get: takes(2, 2, (frame, value, key) => {
    if (isMap(value)) return valueOf(value, key);
    const index = numberOf(key);
    if (index === undefined || value == null) return memberOf(frame.site, value, key);
    return sequenceArgument(frame, value).at(Math.trunc(index));
  }),
} as const satisfies Record<string, Builtin>;

/** An object that has nothing but what is put in it. */
export function newMap(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** The key of a map that a value stands for. */
export function keyOf(frame: Frame, value: unknown): string {
  const key = keyText(value);
  if (key === undefined) throw failure(frame.site, `${kindOf(value)} cannot be a key`);
  if (outOfReach.has(key)) throw failure(frame.site, `the key ${key} is out of reach`);
  return key;
}

function keyText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || numberOf(value) !== undefined) return `${value as boolean}`;
  return value == null ? 'nil' : undefined;
}

/**
 * Sorts a list by the values beside it, keeping the order of equals.
 *
 * @param order `asc` (default) or `desc`
 */
export function sorted(
  frame: Frame,
  list: readonly unknown[],
  by: readonly unknown[],
  order: unknown = 'asc',
): unknown[] {
  if (order !== 'asc' && order !== 'desc') {
    throw failure(frame.site, `unknown order ${String(order)}, use asc or desc`);
  }
  counted(frame, list);
  const direction = order === 'asc' ? 1 : -1;
  const indexes = Array.from(list.keys()).toSorted((one, other) => {
    const [a, b] = [by[one], by[other]];
    const result = compare(a, b);
    if (result !== undefined) return result * direction;
    throw failure(frame.site, `invalid operation: ${kindOf(a)} < ${kindOf(b)}`);
  });
  return indexes.map((index) => list[index]);
}

function counted(frame: Frame, list: readonly unknown[]): readonly unknown[] {
  spend(frame, list.length);
  return list;
}

function mapArgument(frame: Frame, value: unknown): Readonly<Record<string, unknown>> {
  if (isMap(value)) return value;
  throw wrongArgument(frame, value);
}

/** A list, or the characters of a text. */
function sequenceArgument(frame: Frame, value: unknown): readonly unknown[] {
  return typeof value === 'string' ? Array.from(value) : listArgument(frame, value);
}

function characters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count += 1) {
    at += (text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1;
  }
  return count;
}

function flatten(frame: Frame, list: readonly unknown[], into: unknown[]): void {
  for (const item of counted(frame, list)) {
    if (Array.isArray(item)) flatten(frame, item, into);
    else into.push(item);
  }
}

/** Scalars are looked up in a set; only lists and maps have to be compared with each other. */
function unique(frame: Frame, list: readonly unknown[]): unknown[] {
  const scalars = new Set<unknown>();
  const others: unknown[] = [];
  return counted(frame, list).filter((item) => {
    if (typeof item === 'object' && item !== null) {
      spend(frame, others.length);
      if (others.some((other) => areEqual(other, item, frame))) return false;
      others.push(item);
      return true;
    }
    const key = typeof item === 'bigint' ? Number(item) : (item ?? null);
    if (scalars.has(key)) return false;
    scalars.add(key);
    return true;
  });
}
