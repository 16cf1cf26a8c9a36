import type { Json } from '@cannectors/core';
import { isRecord, jsonText, textOf } from '@cannectors/kit-record';
import { failed, type Place } from './faults.ts';
import { type Filter, filter, wholeOf } from './filter.ts';
import { compute, order } from './operators.ts';
import type { Value } from './tree.ts';
import {
  assertItems,
  assertLength,
  charactersOf,
  isTruthy,
  itemAt,
  kindOf,
  listOf,
} from './values.ts';

const length = filter([], (input, _given, place) => {
  if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean') {
    throw failed(`\`length\` does not work on ${kindOf(input)}`, place);
  }
  return listOf(input, place).length;
});

/** Filters that work on lists. A text is a list of characters, a map one of keys. */
export const listFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['length', length],
  ['count', length],
  ['list', filter([], (input, _given, place) => [...listOf(input, place)])],
  ['first', filter([], (input, _given, place) => listOf(input, place)[0])],
  ['last', filter([], (input, _given, place) => listOf(input, place).at(-1))],
  ['items', filter([], (input) => (isRecord(input) ? Object.entries(input) : []))],
  [
    'join',
    filter(['d', 'attribute'], (input, [separator = '', attribute], place) => {
      const texts = attributes(input, attribute, place).map(textOf);
      const between = textOf(separator);
      const total = texts.reduce((sum, text) => sum + text.length, 0);
      assertLength(total + between.length * texts.length);
      return texts.join(between);
    }),
  ],
  [
    'reverse',
    filter([], (input, _given, place) =>
      typeof input === 'string'
        ? charactersOf(input).toReversed().join('')
        : listOf(input, place).toReversed(),
    ),
  ],
  [
    'sort',
    filter(
      ['reverse', 'case_sensitive', 'attribute'],
      (input, [reverse, cased, attribute], place) =>
        sorted(listOf(input, place), {
          keys: textOf(attribute)
            .split(',')
            .map((path) => key(path, isTruthy(cased))),
          isReversed: isTruthy(reverse),
          place,
        }),
    ),
  ],
  [
    'dictsort',
    filter(['case_sensitive', 'by', 'reverse'], (input, [cased, by, reverse], place) =>
      sorted(isRecord(input) ? Object.entries(input) : [], {
        keys: [key(by === 'value' ? '1' : '0', isTruthy(cased))],
        isReversed: isTruthy(reverse),
        place,
      }),
    ),
  ],
  [
    'unique',
    filter(['case_sensitive', 'attribute'], (input, [cased, attribute], place) => {
      const of = key(attribute, isTruthy(cased));
      const found = new Map<string, Json>();
      for (const item of listOf(input, place)) {
        const same = identity(of(item));
        if (!found.has(same)) found.set(same, item);
      }
      return [...found.values()];
    }),
  ],
  [
    'sum',
    filter(['attribute', 'start'], (input, [attribute, start = 0], place) =>
      attributes(input, attribute, place).reduce<Json>(
        (sum, value) => compute('+', sum, value, place),
        start,
      ),
    ),
  ],
  ['min', filter(['case_sensitive', 'attribute'], extreme(1))],
  ['max', filter(['case_sensitive', 'attribute'], extreme(-1))],
  [
    'batch',
    filter(['linecount', 'fill_with'], (input, [count, fill], place) => {
      const items = listOf(input, place);
      const size = atLeastOne(count, place);
      return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => {
        const line = items.slice(index * size, (index + 1) * size);
        return fill === undefined || fill === null ? line : filled(line, size, fill);
      });
    }),
  ],
  [
    'slice',
    filter(['slices', 'fill_with'], (input, [count, fill], place) => {
      const items = listOf(input, place);
      const slices = atLeastOne(count, place);
      const size = Math.floor(items.length / slices);
      const longer = items.length % slices;
      return Array.from({ length: slices }, (_, index) => {
        const start = index * size + Math.min(index, longer);
        const slice = items.slice(start, start + size + (index < longer ? 1 : 0));
        return fill === undefined || fill === null || longer === 0
          ? slice
          : filled(slice, size + 1, fill);
      });
    }),
  ],
]);

/** Reads `a.b.0` from an item: keys and places, joined by dots. */
export function attributeOf(item: Value, path: Value): Value {
  if (path === undefined || path === null) return item;
  let value = item;
  for (const step of textOf(path).split('.')) {
    value = itemAt(value, /^\d+$/.test(step) && !isRecord(value) ? Number(step) : step);
  }
  return value;
}

function attributes(input: Value, path: Value, place: Place): Value[] {
  return listOf(input, place).map((item) => attributeOf(item, path));
}

/** What is compared of an item: an attribute, in small letters unless case matters. */
function key(path: Value, isCased: boolean): (item: Json) => Value {
  const attribute = path === '' ? undefined : path;
  return (item) => {
    const value = attributeOf(item, attribute);
    return typeof value === 'string' && !isCased ? value.toLowerCase() : value;
  };
}

interface Sorting {
  readonly keys: readonly ((item: Json) => Value)[];
  readonly isReversed: boolean;
  readonly place: Place;
}

function sorted(items: readonly Json[], { keys, isReversed, place }: Sorting): Json[] {
  const keyed = items.map((item) => ({ item, values: keys.map((of) => of(item)) }));
  const sign = isReversed ? -1 : 1;
  keyed.sort((left, right) => {
    const at = keys.findIndex((_, index) => order(left.values[index], right.values[index], place));
    return at < 0 ? 0 : sign * order(left.values[at], right.values[at], place);
  });
  return keyed.map(({ item }) => item);
}

/** Equal values, and only they, have the same. */
function identity(value: Value): string {
  if (typeof value === 'string') return `"${value}`;
  return typeof value === 'boolean' ? String(Number(value)) : jsonText(value ?? null);
}

function extreme(sign: 1 | -1): Filter['apply'] {
  return (input, [cased, attribute], place) => {
    const of = key(attribute, isTruthy(cased));
    const [first, ...rest] = listOf(input, place);
    if (first === undefined) return undefined;
    return rest.reduce(
      (best, item) => (sign * order(of(item), of(best), place) < 0 ? item : best),
      first,
    );
  };
}

function atLeastOne(value: Value, place: Place): number {
  const count = wholeOf(value, 0, place);
  if (count < 1) throw failed('A whole number from 1 is expected', place);
  assertItems(count);
  return count;
}

function filled(items: Json[], size: number, fill: Json): Json[] {
  return [...items, ...Array.from({ length: Math.max(0, size - items.length) }, () => fill)];
}
