import type { Json } from '@cannectors/core';

/**
 * Writes a value as JSON. Every digit of a `bigint` is written.
 *
 * @param indent blanks for each level; without it there is no white space at all
 */
export function jsonText(value: Json, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    // Looking for a bigint first would cost every record; the engine finds it for nothing.
    if (error instanceof TypeError) return JSON.stringify(value, withAllDigits, indent);
    throw error;
  }
}

// Not yet among TypeScript's types.
const { rawJSON } = JSON as JSON & { rawJSON(this: void, text: string): unknown };

function withAllDigits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? rawJSON(String(value)) : value;
}
