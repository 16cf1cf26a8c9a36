import type { Json, JsonRecord } from '@cannectors/core';
import { badPath, forbiddenKey, reserved } from './faults.ts';
import { isRecord } from './is-record.ts';

/** A place in a record, compiled once and used for every record. */
export interface RecordPath {
  /** As it was written. */
  readonly source: string;
  /** Finds the value. `undefined`: something on the way is missing or has another type. */
  get(record: JsonRecord): Json | undefined;
  /**
   * Writes a value and makes the objects and lists on the way. What stands there and is neither is
   * replaced; a list is padded with nulls up to the index.
   *
   * @throws `record.bad-path` when the path is not usable
   */
  set(record: JsonRecord, value: Json): void;
  /** Removes the key, or the element of the list: the rest moves up. Missing: does nothing. */
  delete(record: JsonRecord): void;
}

/**
 * Compiles a record path: keys joined by dots, each with at most one list index.
 *
 * `status`, `customer.name`, `lines[0].sku`. An index counts from 0 and has at most 7 digits.
 * Nothing is escaped: a key that holds a dot or a `[` is out of reach. A path of another shape, such
 * as `a[-1]`, `a[x]`, `a[0][1]`, `[0]` or `a..b`, is legal to read and leads nowhere.
 *
 * @param pointer where `source` stands in the config: a JSON Pointer (RFC 6901)
 * @throws `record.forbidden-key` for `__proto__`, `constructor` and `prototype`
 * @see spec/connectors/templates-and-expressions.md, section 2
 */
export function recordPath(source: string, pointer: string): RecordPath {
  const segments = segmentsOf(source);
  if (segments === undefined) return nowhere(source, pointer);

  const forbidden = segments.find(({ key }) => outOfReach.has(key));
  if (forbidden !== undefined) throw forbiddenKey(forbidden.key, pointer);

  const isPlain = segments.every(({ index, isInherited }) => index < 0 && !isInherited);
  const [one, two] = segments.map(({ key }) => key);
  if (isPlain && segments.length === 1 && one !== undefined) return inRoot(source, one);
  if (isPlain && segments.length === 2 && one !== undefined && two !== undefined) {
    return oneBelow(source, one, two);
  }
  return anywhere(source, segments);
}

/**
 * Compiles a record path that will be written to.
 *
 * @throws `record.reserved` when the first key is `_errors`; `record.forbidden-key`
 */
export function targetPath(source: string, pointer: string): RecordPath {
  if (/^_errors(?:[.[]|$)/.test(source)) throw reserved('_errors', pointer);
  return recordPath(source, pointer);
}

/** One key of a path, and the place in the list under it. */
export interface Segment {
  readonly key: string;
  /** -1: none. */
  readonly index: number;
  /** Every object has it, so one has to look whether it is the object's own. */
  readonly isInherited: boolean;
}

const outOfReach = new Set(['__proto__', 'constructor', 'prototype']);

/** Takes a path apart, for who walks through something else than a record. `undefined`: it leads nowhere. */
export function segmentsOf(source: string): Segment[] | undefined {
  const segments: Segment[] = [];
  for (const part of source.split('.')) {
    const match = /^([^[]+)(?:\[(\d{1,7})\])?$/.exec(part);
    if (match?.[1] === undefined) return undefined;
    segments.push({
      key: match[1],
      index: match[2] === undefined ? -1 : Number(match[2]),
      isInherited: match[1] in Object.prototype,
    });
  }
  return segments;
}

function nowhere(source: string, pointer: string): RecordPath {
  return {
    source,
    get: () => undefined,
    set() {
      throw badPath(source, pointer);
    },
    delete() {},
  };
}

// The two shortest shapes are most of the paths there are: written out they are some five times as
// fast as the loop (bench/path). None of their keys is inherited, so they need no look for own keys.

function inRoot(source: string, key: string): RecordPath {
  return {
    source,
    get: (record) => record[key],
    set(record, value) {
      record[key] = value;
    },
    delete(record) {
      delete record[key];
    },
  };
}

function oneBelow(source: string, key: string, inner: string): RecordPath {
  return {
    source,
    get(record) {
      const object = record[key];
      return isRecord(object) ? object[inner] : undefined;
    },
    set(record, value) {
      const object = record[key];
      if (isRecord(object)) object[inner] = value;
      else record[key] = { [inner]: value };
    },
    delete(record) {
      const object = record[key];
      if (isRecord(object)) delete object[inner];
    },
  };
}

function anywhere(source: string, segments: readonly Segment[]): RecordPath {
  const way = segments.slice(0, -1);
  const last = segments.slice(-1);

  return {
    source,
    get: (record) => follow(record, segments),
    set(record, value) {
      let object = record;
      for (const segment of way) object = objectAt(object, segment);
      for (const segment of last) put(object, segment, value);
    },
    delete(record) {
      const object = follow(record, way);
      if (!isRecord(object)) return;
      for (const segment of last) remove(object, segment);
    },
  };
}

function follow(record: JsonRecord, segments: readonly Segment[]): Json | undefined {
  let value: Json | undefined = record;
  for (const segment of segments) {
    if (!isRecord(value)) return undefined;
    value = ownValue(value, segment);
    if (segment.index < 0) continue;
    if (!Array.isArray(value)) return undefined;
    value = value[segment.index];
  }
  return value;
}

function put(object: JsonRecord, segment: Segment, value: Json): void {
  if (segment.index < 0) object[segment.key] = value;
  else listAt(object, segment)[segment.index] = value;
}

function remove(object: JsonRecord, segment: Segment): void {
  const value = ownValue(object, segment);
  if (segment.index < 0) delete object[segment.key];
  else if (Array.isArray(value)) value.splice(segment.index, 1);
}

function objectAt(object: JsonRecord, segment: Segment): JsonRecord {
  const found =
    segment.index < 0 ? ownValue(object, segment) : listAt(object, segment)[segment.index];
  if (isRecord(found)) return found;

  const made: JsonRecord = {};
  put(object, segment, made);
  return made;
}

/** The list under the key, long enough that the index is in it or next. */
function listAt(object: JsonRecord, segment: Segment): Json[] {
  const found = ownValue(object, segment);
  const list = Array.isArray(found) ? found : [];
  if (list !== found) object[segment.key] = list;
  while (list.length < segment.index) list.push(null);
  return list;
}

function ownValue(object: JsonRecord, { key, isInherited }: Segment): Json | undefined {
  return !isInherited || Object.hasOwn(object, key) ? object[key] : undefined;
}
