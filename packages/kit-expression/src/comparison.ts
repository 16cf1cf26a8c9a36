import { type Code, failure, type Frame, type Run, type Site, spend } from './code.ts';
import { isDuration, isMap, isMoment, kindOf } from './kinds.ts';
import { span } from './time/duration.ts';
import { instant } from './time/moment.ts';

export type Ordering = '<' | '<=' | '>' | '>=';

/** Compiles an ordering. A constant number on the right becomes part of the closure. */
export function ordering(site: Site, operator: Ordering, left: Code, right: Code): Run {
  const limit = right.constant && asDouble(right.constant.value);
  return limit === undefined
    ? between(site, operator, left.run, right.run)
    : against(site, operator, left, limit, right.constant?.value);
}

/** The double that says the same, if no digit is lost. */
function asDouble(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= Number.MAX_SAFE_INTEGER
    ? number
    : undefined;
}

// Written out for each operator: a table of functions between the two numbers costs a call. So does
// the closure of a root variable, hence the look at `name` (bench/condition: a third of the time).

function against(
  site: Site,
  operator: Ordering,
  { run, name }: Code,
  limit: number,
  constant: unknown,
): Run {
  const slow = (a: unknown) => isOrdered(site, operator, a, constant);
  switch (operator) {
    case '<':
      return (env, frame) => {
        const a = name === undefined ? run(env, frame) : env[name];
        return typeof a === 'number' ? a < limit : slow(a);
      };
    case '<=':
      return (env, frame) => {
        const a = name === undefined ? run(env, frame) : env[name];
        return typeof a === 'number' ? a <= limit : slow(a);
      };
    case '>':
      return (env, frame) => {
        const a = name === undefined ? run(env, frame) : env[name];
        return typeof a === 'number' ? a > limit : slow(a);
      };
    case '>=':
      return (env, frame) => {
        const a = name === undefined ? run(env, frame) : env[name];
        return typeof a === 'number' ? a >= limit : slow(a);
      };
  }
}

function between(site: Site, operator: Ordering, left: Run, right: Run): Run {
  switch (operator) {
    case '<':
      return (env, frame) => {
        const a = left(env, frame);
        const b = right(env, frame);
        return typeof a === 'number' && typeof b === 'number' ? a < b : isOrdered(site, '<', a, b);
      };
    case '>':
      return (env, frame) => {
        const a = left(env, frame);
        const b = right(env, frame);
        return typeof a === 'number' && typeof b === 'number' ? a > b : isOrdered(site, '>', a, b);
      };
    case '<=':
    case '>=':
      return (env, frame) => isOrdered(site, operator, left(env, frame), right(env, frame));
  }
}

function isOrdered(site: Site, operator: Ordering, a: unknown, b: unknown): boolean {
  const order = compare(a, b);
  if (order === undefined) throw notOrdered(site, operator, a, b);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function notOrdered(site: Site, operator: Ordering, a: unknown, b: unknown) {
  const hasNil = a == null || b == null;
  const hint = hasNil ? 'Test for `nil` first, or write `(… ?? 0)`.' : undefined;
  return failure(site, `invalid operation: ${kindOf(a)} ${operator} ${kindOf(b)}`, hint);
}

/**
 * Orders two values: negative, 0 or positive; NaN where a number is NaN.
 *
 * Numbers with numbers, strings with strings, dates with dates, durations with durations; any other
 * pair has no order: `undefined`.
 */
export function compare(a: unknown, b: unknown): number | undefined {
  if (isNumeric(a) && isNumeric(b)) return order(a, b);
  if (typeof a === 'string' && typeof b === 'string') return order(a, b);
  if (isMoment(a) && isMoment(b)) return order(a[instant], b[instant]);
  return isDuration(a) && isDuration(b) ? order(a[span], b[span]) : undefined;
}

type Ordered = number | bigint | string;

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function order(a: Ordered, b: Ordered): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // JavaScript compares a bigint with a number by value, and NaN with nothing.
  return a >= b ? 0 : Number.NaN;
}

/** Compiles `==` or `!=`. A constant becomes part of the closure. */
export function equality(site: Site, operator: '==' | '!=', left: Code, right: Code): Run {
  const isEqual = equalityOf(site, left, right);
  return operator === '==' ? isEqual : (env, frame) => isEqual(env, frame) === false;
}

function equalityOf(site: Site, left: Code, right: Code): Run {
  if (isScalar(right)) return equalTo(left, right.constant.value);
  if (isScalar(left)) return equalTo(right, left.constant.value);

  return (env, frame) => {
    const a = left.run(env, frame);
    const b = right.run(env, frame);
    if (a === b) return true;
    frame.site = site;
    return areEqual(a, b, frame);
  };
}

function isScalar(code: Code): code is Required<Code> {
  const { constant } = code;
  return constant !== undefined && (typeof constant.value !== 'object' || constant.value === null);
}

function equalTo({ run, name }: Code, value: unknown): Run {
  if (value == null) return (env, frame) => run(env, frame) == null;
  if (!isNumeric(value)) {
    return (env, frame) => (name === undefined ? run(env, frame) : env[name]) === value;
  }
  const number = asDouble(value) ?? Number.NaN;
  return (env, frame) => {
    const a = name === undefined ? run(env, frame) : env[name];
    return a === number || (isNumeric(a) && order(a, value) === 0);
  };
}

/** Tells whether two values are equal: numbers by value, lists and maps by all they hold. */
export function areEqual(a: unknown, b: unknown, frame: Frame): boolean {
  if (a === b || (a == null && b == null)) return true;
  if (Array.isArray(a)) return Array.isArray(b) && areListsEqual(a, b, frame);
  if (isMap(a)) return isMap(b) && areMapsEqual(a, b, frame);
  return compare(a, b) === 0;
}

function areListsEqual(a: readonly unknown[], b: readonly unknown[], frame: Frame): boolean {
  if (a.length !== b.length) return false;
  spend(frame, a.length);
  return a.every((item, index) => areEqual(item, b[index], frame));
}

type Entries = Readonly<Record<string, unknown>>;

function areMapsEqual(a: Entries, b: Entries, frame: Frame): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  spend(frame, keys.length);
  return keys.every((key) => Object.hasOwn(b, key) && areEqual(a[key], b[key], frame));
}
