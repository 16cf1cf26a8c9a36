import { isMap } from './kinds.ts';

/**
 * Tells whether a value counts as true.
 *
 * Nil, 0, the empty text, the empty list and the empty map are false; the rest is true.
 */
export function isTruthy(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value == null || value === '' || value === 0 || value === 0n) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isMap(value) || Object.keys(value).length > 0;
}
