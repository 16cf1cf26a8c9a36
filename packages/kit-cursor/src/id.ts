import type { Json } from '@cannectors/core';
import type { Kind } from './watermark.ts';

/** What an `id` cursor can hold. Digits beyond 2^53 are a `bigint` or a string of digits. */
export type Id = string | number | bigint;

/** Ids may be missing in some records, which is worth a word only when all of them lack one. */
export const ids: Kind<Id> = {
  name: 'id',
  parse: idOf,
  compare: compareIds,
  warn(log, field, missing, records) {
    if (missing < records) return;
    log.warn('failed to extract last ID for state persistence', { field, records });
  },
};

/** Gives a value as an id; `undefined` for what cannot be one: null, a boolean, an empty text, an object. */
export function idOf(value: Json | undefined): Id | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Compares two ids: negative, zero or positive, as in a sort.
 *
 * By value when both are numbers or strings of digits, exactly and of any length; otherwise in
 * natural order, in which runs of digits compare as numbers: `order-9` comes before `order-10`.
 */
export function compareIds(a: Id, b: Id): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isNumeric(a) && isNumeric(b)) return compareNumeric(a, b);
  return compareNatural(String(a), String(b));
}

const integer = /^-?\d+$/;

function isNumeric(id: Id): boolean {
  return typeof id !== 'string' || integer.test(id);
}

function compareNumeric(a: Id, b: Id): number {
  const isWhole = (id: Id): boolean => typeof id !== 'number' || Number.isSafeInteger(id);
  return isWhole(a) && isWhole(b) ? compareIntegers(String(a), String(b)) : Number(a) - Number(b);
}

/** As text, because making a `bigint` of a very long text would take a very long time. */
function compareIntegers(a: string, b: string): number {
  const isNegative = a.startsWith('-');
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1;
  return isNegative
    ? compareDigits(b, 1, b.length, a, 1, a.length)
    : compareDigits(a, 0, a.length, b, 0, b.length);
}

function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const iEnd = digitsEnd(a, i);
      const jEnd = digitsEnd(b, j);
      const order = compareDigits(a, i, iEnd, b, j, jEnd);
      if (order !== 0) return order;
      i = iEnd;
      j = jEnd;
    } else {
      const order = a.charCodeAt(i++) - b.charCodeAt(j++);
      if (order !== 0) return order;
    }
  }
  return a.length - i - (b.length - j);
}

/** Compares the digits of `a` from `i` to `iEnd` with those of `b` from `j` to `jEnd`. */
function compareDigits(
  a: string,
  i: number,
  iEnd: number,
  b: string,
  j: number,
  jEnd: number,
): number {
  const x = a.slice(i, iEnd).replace(/^0+(?=\d)/, '');
  const y = b.slice(j, jEnd).replace(/^0+(?=\d)/, '');
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : Number(x > y);
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text, end)) end++;
  return end;
}
