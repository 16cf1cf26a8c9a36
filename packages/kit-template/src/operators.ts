import type { Json } from '@cannectors/core';
import { isRecord } from '@cannectors/kit-record';
import { beyondLimit, failed, type Place } from './faults.ts';
import { limits } from './limits.ts';
import type { Arithmetic, Comparator, Value } from './tree.ts';
import { assertItems, assertLength, isNumber, isWhole, keyOf, kindOf, sized } from './values.ts';

type Count = number | bigint;

/** Computes as Python does. Whole numbers stay exact, however large; `/` always gives a fraction. */
export function compute(operator: Arithmetic, left: Value, right: Value, place: Place): Json {
  const a = countOf(left);
  const b = countOf(right);
  if (isNumber(a) && isNumber(b)) return numeric[operator](a, b, place);
  const made = combined(operator, a, b);
  if (made !== undefined) return made;
  throw failed(`\`${operator}\` does not work on ${kindOf(left)} and ${kindOf(right)}`, place);
}

/** Changes the sign, or leaves it. */
export function signed(operator: '-' | '+', value: Value, place: Place): Json {
  const count = countOf(value);
  if (isNumber(count)) return operator === '-' ? normal(-count) : count;
  throw failed(`\`${operator}\` does not work on ${kindOf(value)}`, place);
}

/** Compares as Python does: `1 == 1.0`, lists and maps by what is in them. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  const a = countOf(left);
  const b = countOf(right);
  // oxlint-disable-next-line eqeqeq -- the only comparison that knows numbers and bigints
  if (isNumber(a) && isNumber(b)) return a == b;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isEqual(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/**
 * Orders two values: below 0 when `left` comes first.
 *
 * @throws `template.failed` when they are not both numbers, both texts or both lists
 */
export function order(left: Value, right: Value, place: Place): number {
  const a = countOf(left);
  const b = countOf(right);
  if ((isNumber(a) && isNumber(b)) || (typeof a === 'string' && typeof b === 'string')) {
    if (a < b) return -1;
    return a > b ? 1 : 0;
  }
  if (!Array.isArray(a) || !Array.isArray(b)) {
    throw failed(`There is no order between ${kindOf(left)} and ${kindOf(right)}`, place);
  }
  const at = a.findIndex((item, index) => index >= b.length || !isEqual(item, b[index]));
  if (at < 0) return a.length - b.length;
  return at >= b.length ? 1 : order(a[at], b[at], place);
}

/** Compares two values as one of the signs says. */
export function compare(comparator: Comparator, left: Value, right: Value, place: Place): boolean {
  switch (comparator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '<':
      return order(left, right, place) < 0;
    case '<=':
      return order(left, right, place) <= 0;
    case '>':
      return order(left, right, place) > 0;
    case '>=':
      return order(left, right, place) >= 0;
    case 'in':
      return isIn(left, right, place);
    case 'not in':
      return !isIn(left, right, place);
  }
}

/** An item of a list, a key of a map, a part of a text. Nothing is in what is not there. */
export function isIn(item: Value, container: Value, place: Place): boolean {
  if (container === undefined || container === null) return false;
  if (Array.isArray(container)) return container.some((other) => isEqual(item, other));
  if (isRecord(container)) return typeof item === 'string' && keyOf(container, item) !== undefined;
  if (typeof container === 'string' && typeof item === 'string') return container.includes(item);
  throw failed(`\`in\` does not work on ${kindOf(item)} and ${kindOf(container)}`, place);
}

/** True counts as 1 and false as 0. */
function countOf(value: Value): Value {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Texts and lists can be joined, and repeated. */
function combined(operator: Arithmetic, left: Value, right: Value): Json | undefined {
  if (operator === '+') return joined(left, right);
  return operator === '*' ? (repeated(left, right) ?? repeated(right, left)) : undefined;
}

function joined(left: Value, right: Value): Json | undefined {
  if (typeof left === 'string' && typeof right === 'string') return sized(left + right);
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  assertItems(left.length + right.length);
  return [...left, ...right];
}

function repeated(value: Value, times: Value): Json | undefined {
  if (typeof times !== 'number' || !Number.isInteger(times)) return undefined;
  const count = Math.max(0, times);
  if (typeof value === 'string') {
    assertLength(value.length * count);
    return value.repeat(count);
  }
  if (!Array.isArray(value)) return undefined;
  assertItems(value.length * count);
  const list: Json[] = [];
  for (let turn = 0; turn < count; turn++) list.push(...value);
  return list;
}

const numeric: Readonly<Record<Arithmetic, (left: Count, right: Count, place: Place) => Count>> = {
  '+': (left, right) =>
    exactly(
      left,
      right,
      (a, b) => a + b,
      (a, b) => a + b,
    ),
  '-': (left, right) =>
    exactly(
      left,
      right,
      (a, b) => a - b,
      (a, b) => a - b,
    ),
  '*': (left, right) =>
    exactly(
      left,
      right,
      (a, b) => a * b,
      (a, b) => a * b,
    ),
  '/': (left, right, place) => finite(Number(left) / Number(divisor(right, place))),
  '//': (left, right, place) => quotient(left, divisor(right, place)),
  '%': (left, right, place) => remainder(left, divisor(right, place)),
  '**': power,
};

/** Computes with doubles, and again with all digits where whole operands leave what doubles hold. */
function exactly(
  left: Count,
  right: Count,
  plain: (left: number, right: number) => number,
  large: (left: bigint, right: bigint) => bigint,
): Count {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = plain(left, right);
    if (Number.isSafeInteger(result)) return result;
  }
  return isWhole(left) && isWhole(right)
    ? normal(large(BigInt(left), BigInt(right)))
    : finite(plain(Number(left), Number(right)));
}

/** The remainder has the sign of the divisor. */
function remainder(left: Count, right: Count): Count {
  return exactly(
    left,
    right,
    (a, b) => ((a % b) * b < 0 ? (a % b) + b : a % b),
    (a, b) => ((a % b) * b < 0n ? (a % b) + b : a % b),
  );
}

/** Rounds down. */
function quotient(left: Count, right: Count): Count {
  const rest = remainder(left, right);
  return exactly(
    left,
    right,
    (a, b) => Math.round((a - Number(rest)) / b),
    (a, b) => (a - BigInt(rest)) / b,
  );
}

function power(base: Count, exponent: Count): Count {
  const result = Number(base) ** Number(exponent);
  if (Number.isSafeInteger(result) && typeof base === 'number') return result;
  if (!isWhole(base) || !isWhole(exponent) || exponent < 0) return finite(result);

  const bits = BigInt(base).toString(2).length * Number(exponent);
  if (bits > limits.bits) throw tooLarge();
  return normal(BigInt(base) ** BigInt(exponent));
}

function divisor(value: Count, place: Place): Count {
  // oxlint-disable-next-line eqeqeq -- 0 or 0n
  if (value == 0) throw failed('Nothing can be divided by zero', place);
  return value;
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw tooLarge();
  return value;
}

/** A bigint only where a double would lose digits. */
function normal(value: Count): Count {
  if (typeof value === 'number') return value;
  if (BigInt.asIntN(limits.bits, value) !== value) throw tooLarge();
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function tooLarge(): Error {
  return beyondLimit('A number that a template computes is out of range');
}
