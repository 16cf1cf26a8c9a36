import type { Bound, Driver, SqlValue } from '../database.ts';
import { partsOf } from './placeholders.ts';

/**
 * The list of keys of a query that looks rows up: `id IN ($1)`, `(id, country) IN (($1, $2))`, or, as
 * SQLite wants it, `(id, country) IN (VALUES ($1, $2))`. With one key the query is as it was written.
 */
export interface KeyList {
  /** Values that make one key. */
  readonly width: number;
  /** Takes the values of the query apart: those of its key, and those that stand elsewhere. */
  split(values: readonly SqlValue[]): SplitValues;
  /**
   * The query with a list of many keys. The list is filled up with its last key, to a power of two: few
   * statements have to be prepared then, and in a list it makes no difference.
   */
  widened(keys: readonly (readonly SqlValue[])[], others: readonly SqlValue[]): Bound;
}

export interface SplitValues {
  readonly key: readonly SqlValue[];
  readonly others: readonly SqlValue[];
}

/**
 * Why a query has no list of keys: there is none, or more than one; it says what is not to be found; it
 * has several keys already; a value of the key stands elsewhere too; the result is cut by `LIMIT`.
 */
export type NoKeyList = 'none' | 'several' | 'negated' | 'long' | 'shared' | 'cut';

/**
 * Finds the list of keys in a query, with `$N` in it, or bound for a driver.
 *
 * @param driver without it: what all databases have in common, and PostgreSQL has beyond
 */
export function keyListOf(text: string, driver?: Driver): KeyList | NoKeyList {
  const query = read(text, driver);
  if (/\b(?:limit|offset|fetch)\b/i.test(outermost(query.bare))) return 'cut';
  const lists = listsIn(query);
  const [list] = lists;
  if (list === undefined) return 'none';
  if (lists.length > 1) return 'several';
  if (list.isNegated) return 'negated';
  if (outermost(query.bare.slice(list.from, list.to)).includes(',')) return 'long';

  const within = query.places.filter(({ from }) => from >= list.from && from < list.to);
  const around = query.places.filter((place) => !within.includes(place));
  const own = within.map(({ value }) => value);
  const outside = [...new Set(around.map(({ value }) => value))];
  const isShared = new Set(own).size < own.length || own.some((value) => outside.includes(value));
  if (isShared) return 'shared';
  const isNumbered = driver === 'postgres' || driver === undefined;
  return keyList(text, list, { within, around, own, outside }, isNumbered);
}

/** A place where a value stands. */
interface Place {
  readonly from: number;
  readonly to: number;
  /** Which one of the values, from 0. */
  readonly value: number;
}

interface Query {
  /** The text, with blanks for what is quoted and for comments. */
  readonly bare: string;
  readonly places: readonly Place[];
}

/** What is repeated for each key. */
interface List {
  readonly from: number;
  readonly to: number;
  readonly isNegated: boolean;
}

interface Places {
  readonly within: readonly Place[];
  readonly around: readonly Place[];
  readonly own: readonly number[];
  readonly outside: readonly number[];
}

function read(text: string, driver: Driver | undefined): Query {
  const places: Place[] = [];
  let bare = '';
  let marks = 0;
  for (const { kind, from, to, number } of partsOf(text, driver)) {
    if (kind === 'placeholder') places.push({ from, to, value: number - 1 });
    if (kind === 'mark') places.push({ from, to, value: marks++ });
    if (kind !== 'quote' && kind !== 'comment') continue;
    bare += text.slice(bare.length, from) + ' '.repeat(to - from);
  }
  return { bare: bare + text.slice(bare.length), places };
}

function listsIn({ bare, places }: Query): List[] {
  const lists: List[] = [];
  for (const { index, 0: start, 1: not } of bare.matchAll(/\b(not\s+)?in\s*\(/gi)) {
    const from = index + start.length;
    const to = closing(bare, from);
    const content = bare.slice(from, to);
    if (/^[\s(]*(?:select|with)\b/i.test(content)) continue;
    if (!places.some((place) => place.from >= from && place.to <= to)) continue;
    const [lead = ''] = /^\s*(?:values\b\s*)?/i.exec(content) ?? [];
    const trail = content.length - content.trimEnd().length;
    lists.push({ from: from + lead.length, to: to - trail, isNegated: not !== undefined });
  }
  return lists;
}

/** Where the bracket closes that is open at `from`. */
function closing(bare: string, from: number): number {
  let depth = 1;
  for (let at = from; at < bare.length; at++) {
    if (bare[at] === '(') depth++;
    if (bare[at] === ')' && --depth === 0) return at;
  }
  return bare.length;
}

/** What stands outside of all brackets. */
function outermost(bare: string): string {
  let text = '';
  let depth = 0;
  for (const sign of bare) {
    if (sign === ')') depth--;
    text += depth > 0 ? ' ' : sign;
    if (sign === '(') depth++;
  }
  return text;
}

/** @param isNumbered the signs are `$1`, `$2`, …, the other values first; otherwise `?`, in their order */
function keyList(
  text: string,
  list: List,
  { within, around, own, outside }: Places,
  isNumbered: boolean,
): KeyList {
  const sign = isNumbered ? (value: number) => `$${value + 1}` : () => '?';
  const other = ({ value }: Place): string => sign(outside.indexOf(value));
  const head = written(text, { from: 0, to: list.from }, around, other);
  const tail = written(text, { from: list.to, to: text.length }, around, other);
  const item = (index: number): string => {
    const first = outside.length + index * own.length;
    return written(text, list, within, (_place, at) => sign(first + at));
  };
  const ahead = isNumbered ? outside.length : around.filter(({ from }) => from < list.from).length;
  const texts = new Map<number, string>();
  const textFor = (count: number): string => {
    const known = texts.get(count);
    if (known !== undefined) return known;
    const made = head + Array.from({ length: count }, (_, index) => item(index)).join(', ') + tail;
    texts.set(count, made);
    return made;
  };

  return {
    width: own.length,
    split: (values) => ({
      key: own.map((value) => values[value] ?? null),
      others: outside.map((value) => values[value] ?? null),
    }),
    widened(keys, others) {
      const count = 2 ** Math.ceil(Math.log2(keys.length));
      const last = keys.at(-1) ?? [];
      const filled = [...keys, ...Array.from({ length: count - keys.length }, () => last)].flat();
      const values = [...others.slice(0, ahead), ...filled, ...others.slice(ahead)];
      return { text: textFor(count), values };
    },
  };
}

/** A stretch of the text, with other signs in the places of values. */
function written(
  text: string,
  { from, to }: Pick<List, 'from' | 'to'>,
  places: readonly Place[],
  sign: (place: Place, index: number) => string,
): string {
  let made = '';
  let copied = from;
  for (const [index, place] of places.entries()) {
    if (place.from < from || place.to > to) continue;
    made += text.slice(copied, place.from) + sign(place, index);
    copied = place.to;
  }
  return made + text.slice(copied, to);
}
