import type { Item, Json, JsonRecord } from '@cannectors/core';

/** Freezes a value and all it holds, so that a later write to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** Makes items of copies of records, one of its own for each. */
export function itemsOf(records: readonly JsonRecord[]): Item[] {
  return records.map((record) => ({ record: structuredClone(record), meta: {} }));
}

/** The records of items as plain JSON: what a user would see. */
export function plain(items: readonly Item[]): JsonRecord[] {
  return items.map((item) => structuredClone(item.record));
}

/** Paths of objects that stand in two places of the values: `[0].tags and [1].tags`. */
export function sharedObjects(values: readonly Json[]): string[] {
  const seen = new Map<object, string>();
  const shared: string[] = [];
  const walk = (value: Json, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const first = seen.get(value);
    if (first !== undefined) {
      shared.push(`${first} and ${at}`);
      return;
    }
    seen.set(value, at);
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`);
    }
  };
  values.forEach((value, index) => walk(value, `[${index}]`));
  return shared;
}
