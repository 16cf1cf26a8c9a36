import type { SQLInputValue } from 'node:sqlite';
import type { SqlValue } from '../../database.ts';

/**
 * Gives values as SQLite takes them. A whole number goes as an integer: as the double that JavaScript has, it
 * would be `5.0` in a column of texts.
 */
export function bindable(values: readonly SqlValue[]): SQLInputValue[] {
  const bound: SQLInputValue[] = [];
  for (const value of values) {
    if (typeof value === 'number') {
      bound.push(Number.isSafeInteger(value) ? BigInt(value) : value);
    } else bound.push(typeof value === 'boolean' ? Number(value) : value);
  }
  return bound;
}
