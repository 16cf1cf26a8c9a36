import type { Json } from '@cannectors/core';
import { integersOf, markIntegers } from './integers.ts';
import { isRecord } from './is-record.ts';
import { setKey } from './set-key.ts';

/** Copies a value with everything in it, and the marks of a record. Nothing is shared. */
export function copyOf<Value extends Json>(value: Value): Value;
export function copyOf(value: Json): Json {
  const copy = deepCopy(value);
  if (!isRecord(value) || !isRecord(copy)) return copy;

  const integers = integersOf(value);
  if (integers !== undefined) markIntegers(copy, integers);
  return copy;
}

function deepCopy(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deepCopy);

  const copy = { ...value };
  for (const key in copy) {
    const inner = copy[key];
    if (typeof inner === 'object' && inner !== null) setKey(copy, key, deepCopy(inner));
  }
  return copy;
}
