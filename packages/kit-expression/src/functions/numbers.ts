import { failure, type Frame, spend } from '../code.ts';
import { compare } from '../comparison.ts';
import { integer, numberOf } from '../kinds.ts';
import { type Builtin, numberArgument, takes, wrongArgument } from './builtin.ts';

export const numberFunctions = {
  abs: takes(1, 1, (frame, value) => {
    if (typeof value === 'bigint') return value < 0n ? -value : value;
    return Math.abs(numberArgument(frame, value));
  }),
  ceil: takes(1, 1, (frame, value) => Math.ceil(numberArgument(frame, value))),
  floor: takes(1, 1, (frame, value) => Math.floor(numberArgument(frame, value))),
  round: takes(1, 1, (frame, value) => {
    const number = numberArgument(frame, value);
    // Halves go away from zero on both sides.
    return Math.sign(number) * Math.round(Math.abs(number));
  }),
  min: takes(1, Infinity, (frame, ...values) => extreme(frame, values, -1)),
  max: takes(1, Infinity, (frame, ...values) => extreme(frame, values, 1)),
  mean: takes(1, Infinity, (frame, ...values) => {
    const numbers = flat(frame, values).map(Number);
    return numbers.length === 0 ? 0 : total(numbers) / numbers.length;
  }),
  median: takes(1, Infinity, (frame, ...values) => {
    const numbers = flat(frame, values)
      .map(Number)
      .toSorted((a, b) => a - b);
    const middle = numbers.length / 2;
    return (
      total(numbers.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)) /
      (numbers.length % 2 || 2)
    );
  }),
  bitand: bits((a, b) => a & b),
  bitor: bits((a, b) => a | b),
  bitxor: bits((a, b) => a ^ b),
  bitnand: bits((a, b) => a & ~b),
  bitshl: bits((a, b, frame) => (b > 63n ? 0n : a << positive(frame, b))),
  bitshr: bits((a, b, frame) => a >> positive(frame, b)),
  bitushr: bits((a, b, frame) => BigInt.asUintN(64, a) >> positive(frame, b)),
  bitnot: takes(1, 1, (frame, value) => ~bitArgument(frame, value)),
} as const satisfies Record<string, Builtin>;

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Numbers, also those in lists in lists. */
function flat(frame: Frame, values: readonly unknown[]): (number | bigint)[] {
  spend(frame, values.length);
  return values.flatMap((value) => {
    if (Array.isArray(value)) return flat(frame, value);
    if (typeof value === 'number' || typeof value === 'bigint') return [value];
    throw wrongArgument(frame, value);
  });
}

/** The least number, or the greatest; nil of none. An integer stays one. */
function extreme(frame: Frame, values: readonly unknown[], sign: 1 | -1): unknown {
  const numbers = flat(frame, values);
  return numbers.reduce<number | bigint | undefined>(
    (best, number) =>
      best === undefined || (compare(number, best) ?? 0) * sign > 0 ? number : best,
    undefined,
  );
}

/** A function on the bits of two integers of 64 bits. */
function bits(operation: (a: bigint, b: bigint, frame: Frame) => bigint): Builtin {
  return takes(2, 2, (frame, one, other) =>
    BigInt.asIntN(64, operation(bitArgument(frame, one), bitArgument(frame, other), frame)),
  );
}

/** A whole number of a record counts as an integer here: nothing else can be meant. */
function bitArgument(frame: Frame, value: unknown): bigint {
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number)) {
    throw wrongArgument(frame, value, 'It needs a whole number.');
  }
  return BigInt.asIntN(64, typeof value === 'bigint' ? value : integer(number));
}

function positive(frame: Frame, count: bigint): bigint {
  if (count >= 0n) return count;
  throw failure(frame.site, `invalid operation: negative shift count ${count}`);
}
