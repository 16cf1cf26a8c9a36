import { badItemName } from './faults.ts';

const reserved = new Set([
  'record',
  '_metadata',
  '_errors',
  'loop',
  'meta',
  'state',
  'pagination',
  '__proto__',
  'constructor',
  'prototype',
]);

/**
 * Checks a key that a filter puts an element of a list, or a whole record, under.
 *
 * @param pointer where the key stands in the config: a JSON Pointer (RFC 6901)
 * @throws `record.item-name` when it has another meaning there, or no path can reach it
 * @see spec/connectors/templates-and-expressions.md, section 3
 */
export function checkItemName(itemName: string, pointer: string): void {
  if (reserved.has(itemName) || /[.[\]\s]/.test(itemName)) throw badItemName(itemName, pointer);
}
