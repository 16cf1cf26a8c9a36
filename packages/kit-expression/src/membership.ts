import { failure, type Frame, type Run, type Site, spend } from './code.ts';
import { areEqual } from './comparison.ts';
import { integer, isMap, kindOf, numberOf } from './kinds.ts';

/** Compiles `x in y`: an element of a list, a key of a map; nothing is in nil. */
export function membership(site: Site, left: Run, right: Run): Run {
  return (env, frame) => {
    const value = left(env, frame);
    const container = right(env, frame);
    frame.site = site;
    return isIn(site, frame, value, container);
  };
}

function isIn(site: Site, frame: Frame, value: unknown, container: unknown): boolean {
  if (container == null) return false;
  if (Array.isArray(container)) {
    spend(frame, container.length);
    return container.some((item) => areEqual(item, value, frame));
  }
  if (!isMap(container)) {
    const reason = `operator "in" not defined on ${kindOf(container)}`;
    const hint = typeof container === 'string' ? 'Write `text contains part`.' : undefined;
    throw failure(site, `invalid operation: ${reason}`, hint);
  }
  const isKey = typeof value === 'string' || numberOf(value) !== undefined;
  return isKey && Object.hasOwn(container, typeof value === 'string' ? value : String(value));
}

/** Compiles `x in [1, 2, 3]` with a list of constants: one look into a set, whatever its length. */
export function listed(left: Run, values: readonly unknown[]): Run {
  const set = new Set(values.map(canonical));
  return (env, frame) => set.has(canonical(left(env, frame)));
}

/** Numbers are equal by value, an integer with a double too; nil and missing are the same. */
function canonical(value: unknown): unknown {
  if (typeof value !== 'bigint') return value ?? null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Compiles `x in 1..10` with constant ends: no list is made. */
export function ranged(left: Run, from: number, to: number): Run {
  return (env, frame) => {
    const number = numberOf(left(env, frame));
    return number !== undefined && Number.isInteger(number) && number >= from && number <= to;
  };
}

/** Compiles `from..to`, both ends included. */
export function range(site: Site, from: Run, to: Run): Run {
  return (env, frame) => {
    const start = end(site, from(env, frame));
    const stop = end(site, to(env, frame));
    const count = Math.max(0, stop - start + 1);
    frame.site = site;
    spend(frame, count);
    return Array.from({ length: count }, (_, index) => integer(start + index));
  };
}

function end(site: Site, value: unknown): number {
  const number = numberOf(value);
  if (number === undefined || !Number.isSafeInteger(Math.trunc(number))) {
    throw failure(site, `invalid operation: a range needs integers, not ${kindOf(value)},`);
  }
  return Math.trunc(number);
}
