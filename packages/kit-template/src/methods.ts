import type { JsonRecord } from '@cannectors/core';
import { isRecord, textOf } from '@cannectors/kit-record';
import { failed, type Place } from './faults.ts';
import { wholeOf } from './filter.ts';
import { capitalized, replaced, stripped, titled } from './text-filters.ts';
import type { Value } from './tree.ts';
import { keyOf, kindOf } from './values.ts';

/** Calls a method on a value: one of those below, which read and change nothing. */
export function callMethod(
  object: Value,
  name: string,
  given: readonly Value[],
  place: Place,
): Value {
  if (isRecord(object)) {
    const method = ofMaps.get(name);
    if (method !== undefined) return method(object, given);
  }
  if (typeof object === 'string') {
    const method = ofTexts.get(name);
    if (method !== undefined) return method(object, given, place);
  }
  throw failed(`\`${name}\` cannot be called on ${kindOf(object)}`, place);
}

/** Tells whether there is a method of that name, on whatever value. */
export function isMethod(name: string): boolean {
  return ofMaps.has(name) || ofTexts.has(name);
}

type MapMethod = (map: JsonRecord, given: readonly Value[]) => Value;

const ofMaps: ReadonlyMap<string, MapMethod> = new Map<string, MapMethod>([
  ['items', (map) => Object.entries(map)],
  ['keys', (map) => Object.keys(map)],
  ['values', (map) => Object.values(map)],
  ['get', (map, [key, otherwise]) => keyOf(map, textOf(key)) ?? otherwise],
]);

type TextMethod = (text: string, given: readonly Value[], place: Place) => Value;

const ofTexts: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['upper', (text) => text.toUpperCase()],
  ['lower', (text) => text.toLowerCase()],
  ['capitalize', capitalized],
  ['title', titled],
  ['strip', (text, [chars]) => stripped(text, chars)],
  ['lstrip', (text, [chars]) => stripped(text, chars, 'start')],
  ['rstrip', (text, [chars]) => stripped(text, chars, 'end')],
  ['startswith', (text, [start]) => text.startsWith(textOf(start))],
  ['endswith', (text, [end]) => text.endsWith(textOf(end))],
  [
    'replace',
    (text, [old, new_, count], place) =>
      replaced(text, textOf(old), textOf(new_), wholeOf(count, -1, place)),
  ],
  [
    'split',
    (text, [separator, times], place) =>
      separator === undefined || separator === null
        ? text.split(/\s+/).filter((word) => word !== '')
        : splitAt(text, textOf(separator), wholeOf(times, -1, place), place),
  ],
]);

function splitAt(text: string, separator: string, times: number, place: Place): string[] {
  if (separator === '') throw failed('`split` needs a separator', place);
  const parts = text.split(separator);
  if (times < 0 || parts.length <= times + 1) return parts;
  return [...parts.slice(0, times), parts.slice(times).join(separator)];
}
