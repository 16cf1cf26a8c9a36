import type { Json } from '@cannectors/core';
import type { Spot } from './positions.ts';

/** What the readers of the two formats give. */
export interface Reading {
  readonly value?: Json;
  readonly spot?: Spot;
  readonly problems: readonly Complaint[];
  readonly warnings: readonly Complaint[];
}

/** A value and where it stands. */
export interface Placed {
  readonly value: Json;
  readonly spot: Spot;
}

/** Something wrong with a text, before there are pointers. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** From 0. */
  readonly offset?: number;
}

/** Objects and lists inside each other. */
export const maxDepth = 512;

/** Objects and lists are nested too deep to be anybody's pipeline. */
export function tooDeep(offset: number): Complaint {
  return {
    code: 'parse.too-deep',
    message: `objects and lists are nested more than ${maxDepth} deep`,
    offset,
  };
}

/** An object has one key twice; which one counts is anybody's guess. */
export function duplicateKey(key: string, offset: number): Complaint {
  return { code: 'parse.duplicate-key', message: `the key "${key}" is given twice`, offset };
}

/** A number like `1e999` or `.inf`, which JSON has no place for. */
export function beyondNumbers(offset: number): Complaint {
  return { code: 'parse.number', message: 'a number is beyond what can be held', offset };
}
