import type { Json, JsonRecord } from '@cannectors/core';

/**
 * Writes a key whose name comes from data.
 *
 * An assignment to `__proto__` would change the object's prototype; here it makes a plain own key,
 * as JSON parsing does.
 */
export function setKey(record: JsonRecord, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    return;
  }
  record[key] = value;
}
