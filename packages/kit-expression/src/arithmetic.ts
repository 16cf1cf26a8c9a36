import { allowText, type Code, failure, type Run, type Site } from './code.ts';
import { isDuration, isMoment, kindOf, numberOf } from './kinds.ts';
import { maxInteger } from './limits.ts';
import { durationOf, span } from './time/duration.ts';
import { instant, momentOf, zone } from './time/moment.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '**';

/** Compiles an operation on numbers; `+` joins texts too, `+` and `-` reckon with dates. */
export function arithmetic(site: Site, operator: Arithmetic, left: Code, right: Code): Run {
  const operation = operations[operator];
  const literal = right.constant?.value;
  if (typeof literal === 'bigint' && operator !== '%') {
    // `amount * 2`: the literal is made a double once, not for every record.
    const double = Number(literal);
    return (env, frame) => {
      const a = left.run(env, frame);
      return operation(site, a, typeof a === 'number' ? double : literal);
    };
  }
  return (env, frame) => operation(site, left.run(env, frame), right.run(env, frame));
}

type Operation = (site: Site, a: unknown, b: unknown) => unknown;

/** The operations themselves. */
export const operations: Readonly<Record<Arithmetic, Operation>> = {
  '+': (site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (typeof a === 'string' && typeof b === 'string') {
      allowText(site, a.length + b.length);
      return a + b;
    }
    if (isMoment(a) && isDuration(b)) return momentOf(a[instant] + b[span], a[zone]);
    if (isDuration(a) && isMoment(b)) return momentOf(a[span] + b[instant], b[zone]);
    if (isDuration(a) && isDuration(b)) return durationOf(a[span] + b[span]);
    return numbers(site, '+', a, b);
  },
  '-': (site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    if (isMoment(a) && isMoment(b)) return durationOf(a[instant] - b[instant]);
    if (isMoment(a) && isDuration(b)) return momentOf(a[instant] - b[span], a[zone]);
    if (isDuration(a) && isDuration(b)) return durationOf(a[span] - b[span]);
    return numbers(site, '-', a, b);
  },
  '*': (site, a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a * b;
    if (isDuration(a)) return scaled(site, a[span], a, b);
    if (isDuration(b)) return scaled(site, b[span], b, a);
    return numbers(site, '*', a, b);
  },
  '/': (site, a, b) => {
    const [dividend, divisor] = [numberOf(a), numberOf(b)];
    if (dividend === undefined || divisor === undefined) throw mismatch(site, '/', a, b);
    return dividend / divisor;
  },
  '%': remainder,
  '**': (site, a, b) => {
    const [base, exponent] = [numberOf(a), numberOf(b)];
    if (base === undefined || exponent === undefined) throw mismatch(site, '**', a, b);
    return base ** exponent;
  },
};

/** Two integers give an integer; with a double it is a double. */
function numbers(site: Site, operator: '+' | '-' | '*', a: unknown, b: unknown): number | bigint {
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    return bounded(site, operator === '+' ? a + b : operator === '-' ? a - b : a * b);
  }
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left === undefined || right === undefined) throw mismatch(site, operator, a, b);
  return operator === '+' ? left + right : operator === '-' ? left - right : left * right;
}

function bounded(site: Site, value: bigint): bigint {
  if (value < maxInteger && value > -maxInteger) return value;
  throw failure(site, 'invalid operation: the integer is too large');
}

function remainder(site: Site, a: unknown, b: unknown): bigint {
  if (typeof a !== 'bigint' || typeof b !== 'bigint') {
    const reason = `invalid operation: % needs integers, not ${kindOf(a)} and ${kindOf(b)},`;
    throw failure(site, reason, 'Write `int(…)` around each number that comes from a record.');
  }
  if (b === 0n) throw failure(site, 'invalid operation: integer divide by zero');
  return a % b;
}

function scaled(site: Site, length: bigint, duration: unknown, factor: unknown) {
  if (typeof factor === 'bigint') return durationOf(bounded(site, length * factor));
  const product = typeof factor === 'number' ? Math.trunc(Number(length) * factor) : Number.NaN;
  if (!Number.isFinite(product)) throw mismatch(site, '*', duration, factor);
  return durationOf(BigInt(product));
}

function mismatch(site: Site, operator: string, a: unknown, b: unknown) {
  const isText = typeof a === 'string' || typeof b === 'string';
  const hint = operator === '+' && isText ? 'Write `string(…)` around what is no text.' : undefined;
  return failure(site, `invalid operation: ${kindOf(a)} ${operator} ${kindOf(b)}`, hint);
}

/** Compiles a sign before a number. */
export function signed(site: Site, operator: '-' | '+', operand: Run): Run {
  const isMinus = operator === '-';
  return (env, frame) => {
    const value = operand(env, frame);
    if (typeof value === 'number') return isMinus ? -value : value;
    if (typeof value === 'bigint') return isMinus ? -value : value;
    if (isDuration(value)) return isMinus ? durationOf(-value[span]) : value;
    throw failure(site, `invalid operation: ${operator} ${kindOf(value)}`);
  };
}
