import type { Json, JsonRecord } from '@cannectors/core';
import { isRecord, typeName } from '@cannectors/kit-record';
import { beyondLimit, failed, type Place } from './faults.ts';
import { limits } from './limits.ts';
import { outOfReach } from './tag-reader.ts';
import type { Value } from './tree.ts';

/** Null, missing, false, 0 and what is empty are not true. */
export function isTruthy(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  if (Array.isArray(value)) return value.length > 0;
  return Object.keys(value).length > 0;
}

export function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function isWhole(value: Value): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** Names the type of a value in a message. */
export function kindOf(value: Value): string {
  return value === undefined ? 'a missing value' : kinds[typeName(value)];
}

const kinds = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};

/** Keys that are inherited are not there, and those out of reach never are. */
export function keyOf(map: JsonRecord, key: string): Value {
  return Object.hasOwn(map, key) && !outOfReach.has(key) ? map[key] : undefined;
}

/** The value behind `object[index]`: a key of a map, a place in a list or text, also from the end. */
export function itemAt(object: Value, index: Value): Value {
  if (isRecord(object)) return typeof index === 'string' ? keyOf(object, index) : undefined;
  if (typeof index !== 'number') return undefined;
  if (Array.isArray(object)) return object.at(index);
  if (typeof object !== 'string') return undefined;
  return hasPairs.test(object) ? charactersOf(object).at(index) : object.at(index);
}

/** Characters that JavaScript counts as two. */
const hasPairs = /[\ud800-\udfff]/;

/** What a loop goes over: items, keys or characters. Nothing where there is nothing. */
export function listOf(value: Value, place: Place): Json[] {
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return charactersOf(value);
  if (typeof value === 'object') return Object.keys(value);
  throw failed(`A list is expected, not ${kindOf(value)}`, place);
}

/** Splits a text between characters, not between the halves that JavaScript counts. */
export function charactersOf(text: string): string[] {
  return Array.from(text);
}

/** @throws `template.limit` when a text has grown too long */
export function sized(text: string): string {
  if (text.length > limits.output) throw tooLong();
  return text;
}

/** @throws `template.limit` before a text is made that would be too long */
export function assertLength(length: number): void {
  if (!(length <= limits.output)) throw tooLong();
}

/** @throws `template.limit` before a list is made that would be too long */
export function assertItems(count: number): void {
  if (!(count <= limits.items)) {
    throw beyondLimit(`A list that a template makes has at most ${limits.items} items`);
  }
}

function tooLong(): Error {
  return beyondLimit(`A text that a template makes has at most ${limits.output} characters`);
}
