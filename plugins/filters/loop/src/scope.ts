import type { Item, Json, JsonRecord } from '@cannectors/core';
import {
  copyOf,
  integersOf,
  isLoopScope,
  isRecord,
  jsonText,
  markIntegers,
  setKey,
} from '@cannectors/kit-record';
import { loopIsReadOnly, nameInUse } from './faults.ts';

/** What nested filters see in the place of a record, one element at a time. */
export interface Scope {
  /** Makes the scope of an element. */
  enter(value: Json, index: number): Item;
  /**
   * Takes back what the nested filters made of the scope.
   *
   * @returns the element; `undefined`: it was removed
   * @throws `loop.read-only`
   */
  leave(result: JsonRecord, index: number): Json | undefined;
  /** Takes over the error markers of the element that a nested filter has failed on. */
  lift(result: JsonRecord, index: number): void;
  /** Removes every trace of the loop, and adds the markers to the record. */
  close(): void;
}

/**
 * Opens the scope of a loop over a record, or, for a loop inside a loop, over the scope of that one.
 *
 * @throws `loop.name-in-use` when a loop around it has the same name
 * @see spec/connectors/filters.md, section 5.1
 */
export function openScope({ record, meta }: Item, itemName: string): Scope {
  const outer = isLoopScope(record) ? record : undefined;
  const root = outer === undefined ? record : (outer['record'] as JsonRecord);
  const found = ownValue(record, '_metadata');
  const metadata = isRecord(found) ? found : {};
  const before = ownValue(metadata, 'loop');
  const around = isRecord(before) ? before : {};
  if (Object.hasOwn(around, itemName)) throw nameInUse(itemName, '/itemName');

  const shared = ['record', '_metadata', ...Object.keys(around)];
  const lifted: Json[] = [];
  let entered: JsonRecord = {};
  const texts = Object.entries(around).map(([key, place]) => [key, jsonText(place)] as const);

  /** Compared by value: a filter may have put an equal copy there. */
  const isUntouched = (place: Json | undefined, index: number): boolean => {
    if (!isRecord(place) || Object.keys(place).length !== texts.length + 1) return false;
    const own = place[itemName];
    if (!isRecord(own) || own['index'] !== index || Object.keys(own).length > 1) return false;
    return texts.every(([key, text]) => jsonText(ownValue(place, key) ?? null) === text);
  };

  return {
    enter(value, index) {
      metadata['loop'] = { ...around, [itemName]: { index } };
      root['_metadata'] = metadata;
      entered = outer === undefined ? {} : visibleFrom(outer, shared);
      entered[itemName] = value;
      entered['record'] = root;
      entered['_metadata'] = metadata;
      return { record: entered, meta };
    },
    leave(result, index) {
      const seen = ownValue(result, '_metadata');
      if (!isUntouched(metadata['loop'], index)) throw loopIsReadOnly(index);
      if (seen !== metadata && !(isRecord(seen) && isUntouched(seen['loop'], index))) {
        throw loopIsReadOnly(index);
      }
      if (result !== entered) for (const key of shared) takeOver(entered[key], result[key]);
      return ownValue(result, itemName);
    },
    lift(result, index) {
      const markers = ownValue(result, '_errors');
      if (!Array.isArray(markers)) return;
      for (const marker of markers) {
        // Of a loop inside a loop the marker keeps the index that the inner one gave it.
        lifted.push(isRecord(marker) ? { itemIndex: index, ...marker } : marker);
      }
    },
    close() {
      if (isRecord(before)) metadata['loop'] = before;
      else delete metadata['loop'];
      if (Object.keys(metadata).length > 0) root['_metadata'] = metadata;
      else if (found === undefined) delete root['_metadata'];
      if (lifted.length === 0) return;
      const errors = ownValue(record, '_errors');
      record['_errors'] = Array.isArray(errors) ? [...errors, ...lifted] : lifted;
    },
  };
}

/** What a loop inside a loop sees of the scope around it: what it writes below its own keys stays inside. */
function visibleFrom(outer: JsonRecord, shared: readonly string[]): JsonRecord {
  const visible: JsonRecord = {};
  for (const [key, value] of Object.entries(outer)) {
    if (key !== '_errors') setKey(visible, key, shared.includes(key) ? value : copyOf(value));
  }
  const integers = integersOf(outer);
  if (integers !== undefined) markIntegers(visible, integers);
  return visible;
}

/**
 * A filter may give back a record of its own making, a script for instance. What stands there for the
 * root record or an outer element is written to the object itself.
 */
function takeOver(target: Json | undefined, source: Json | undefined): void {
  if (!isRecord(target) || !isRecord(source) || target === source) return;
  for (const key of Object.keys(target)) if (!Object.hasOwn(source, key)) delete target[key];
  for (const [key, value] of Object.entries(source)) setKey(target, key, value);
}

function ownValue(record: JsonRecord, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
