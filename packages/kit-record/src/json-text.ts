import type { Json } from '@cannectors/core';

/** Writes a value as JSON, without blanks. Every digit of a `bigint` is written. */
export function jsonText(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Looking for a bigint first would cost every record; the engine finds it for nothing.
    if (error instanceof TypeError) return JSON.stringify(value, withAllDigits);
    throw error;
  }
}

// Not yet among TypeScript's types.
const { rawJSON } = JSON as JSON & { rawJSON(this: void, text: string): unknown };

function withAllDigits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(String(value)) : value;
}
