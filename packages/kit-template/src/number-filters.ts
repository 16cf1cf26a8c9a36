import { failed, type Place } from './faults.ts';
import { type Filter, filter, wholeOf } from './filter.ts';
import type { Value } from './tree.ts';
import { isNumber, kindOf } from './values.ts';

/** Filters that make numbers of what they get. */
export const numberFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  [
    'int',
    filter(['default', 'base'], (input, [otherwise = 0, base], place) =>
      typeof input === 'string'
        ? (wholeNumber(input, wholeOf(base, 10, place)) ?? otherwise)
        : (truncated(input) ?? otherwise),
    ),
  ],
  [
    'float',
    filter(['default'], (input, [otherwise = 0]) => {
      if (typeof input === 'string') return decimal(input) ?? otherwise;
      return typeof input === 'boolean' || isNumber(input) ? Number(input) : otherwise;
    }),
  ],
  [
    'round',
    filter(['precision', 'method'], (input, [precision, method = 'common'], place) => {
      const value = numberOf(input, place);
      return typeof value === 'bigint' ? value : rounded(value, precision, method, place);
    }),
  ],
  [
    'abs',
    filter([], (input, _given, place) => {
      const value = numberOf(input, place);
      return value < 0 ? -value : value;
    }),
  ],
]);

function numberOf(value: Value, place: Place): number | bigint {
  if (isNumber(value)) return value;
  throw failed(`A number is expected, not ${kindOf(value)}`, place);
}

function truncated(value: Value): number | bigint | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Math.trunc(value);
  return typeof value === 'bigint' ? value : undefined;
}

const prefixes: ReadonlyMap<number, RegExp> = new Map([
  [2, /^([+-]?)0b/i],
  [8, /^([+-]?)0o/i],
  [16, /^([+-]?)0x/i],
]);

/** Reads a whole number of up to 1000 digits in a base, or the whole part of a decimal fraction. */
function wholeNumber(text: string, base: number): number | bigint | undefined {
  const trimmed = text.trim();
  if (base === 10 && /^[+-]?\d{1,1000}$/.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isSafeInteger(value) ? value : BigInt(trimmed.replace('+', ''));
  }
  const prefix = prefixes.get(base);
  const digits = prefix === undefined ? trimmed : trimmed.replace(prefix, '$1');
  const isInBase = /^[+-]?[\da-z]{1,10}$/i.test(digits) && isWrittenIn(digits, base);
  return isInBase ? Number.parseInt(digits, base) : truncated(decimal(trimmed));
}

function isWrittenIn(digits: string, base: number): boolean {
  if (base < 2 || base > 36) return false;
  const unsigned = digits.replace(/^[+-]/, '');
  return Array.from(unsigned).every((digit) => Number.parseInt(digit, 36) < base);
}

function decimal(text: string): number | undefined {
  const isDecimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text);
  const value = Number(text);
  return isDecimal && Number.isFinite(value) ? value : undefined;
}

const methods: ReadonlyMap<Value, (value: number) => number> = new Map([
  // Halves go away from zero.
  ['common', (value) => Math.sign(value) * Math.round(Math.abs(value))],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
]);

function rounded(value: number, precision: Value, method: Value, place: Place): number {
  const round = methods.get(method);
  if (round === undefined) throw failed('`round` knows the methods common, ceil and floor', place);
  const factor = 10 ** wholeOf(precision, 0, place);
  const result = round(value * factor) / factor;
  return Number.isFinite(result) ? result : value;
}
