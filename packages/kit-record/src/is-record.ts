import type { Json, JsonRecord } from '@cannectors/core';

/** Tells whether a value is an object: not null, not a list, not missing. */
export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
