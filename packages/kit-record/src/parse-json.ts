import type { Json, JsonRecord } from '@cannectors/core';
import { notJson, numberTooLarge, tooDeep } from './faults.ts';

/** Objects and lists inside each other. */
const maxDepth = 512;

/** More digits than any key has, and few enough that converting them costs nothing. */
const maxDigits = 1000;

/**
 * Parses JSON without loss: whole numbers beyond 2^53 become `bigint`.
 *
 * Only a text that holds such a number pays for it, with a second and slower pass. Keys named
 * `__proto__` become plain own keys.
 *
 * @throws `record.not-json`; `record.too-deep` beyond 512 levels; `record.number-too-large` for a
 * number that a double cannot hold, or a whole one of more than 1000 digits
 */
export function parseJson(text: string): Json {
  const value = parse(text);
  if (typeof value === 'number') return beyond(value) ? exact(text) : value;
  if (typeof value !== 'object' || value === null) return value;
  return hasLargeNumber(value, 1) ? exact(text) : value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw notJson(error);
  }
}

/** One look at everything that was parsed, about a tenth of the time of parsing it (bench/json). */
function hasLargeNumber(value: Json[] | JsonRecord, depth: number): boolean {
  if (depth > maxDepth) throw tooDeep(maxDepth);
  let found = false;
  // It looks at the rest too when it has found one: the depth counts everywhere.
  if (Array.isArray(value)) {
    for (const inner of value) if (isLarge(inner, depth)) found = true;
  } else {
    for (const key in value) if (isLarge(value[key], depth)) found = true;
  }
  return found;
}

function isLarge(value: Json | undefined, depth: number): boolean {
  if (typeof value === 'number') return beyond(value);
  return typeof value === 'object' && value !== null && hasLargeNumber(value, depth + 1);
}

function beyond(value: number): boolean {
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
}

// The source of a value is not yet among TypeScript's types.
const parseWithSource = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => Json;

function exact(text: string): Json {
  return parseWithSource(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && beyond(value) ? exactNumber(value, source) : value,
  );
}

function exactNumber(value: number, source: string): number | bigint {
  const isWhole = /^-?\d+$/.test(source);
  if (isWhole ? source.length > maxDigits : !Number.isFinite(value)) throw numberTooLarge(source);
  return isWhole ? BigInt(source) : value;
}
