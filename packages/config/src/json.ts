import type { JsonRecord } from '@cannectors/core';

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What people call the type of a value: the words of JSON Schema, and `null`. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'bigint' ? 'a whole number beyond 2^53' : typeof value;
}

/** Writes an own key whatever its name: `__proto__` stays a key like any other. */
export function put(record: JsonRecord, key: string, value: JsonRecord[string]): void {
  Object.defineProperty(record, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
