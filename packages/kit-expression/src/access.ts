import { failure, type Run, type Site } from './code.ts';
import { isMap, kindOf, numberOf } from './kinds.ts';
import { outOfReach } from './limits.ts';

/** What a `?.` on nil gives to the members after it: they are skipped too. */
export const skipped = Symbol('skipped');

/**
 * Reads a root variable.
 *
 * Whether the key is the object's own is asked only where every object has it, such as `toString`:
 * to ask always costs half of the speed (bench/condition).
 */
export function variable(name: string): Run {
  if (isInherited(name)) return (env) => (Object.hasOwn(env, name) ? env[name] : undefined);
  return (env) => env[name];
}

/** Tells whether every object has this key. */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Reads a member with a name that is known. */
export function namedMember(site: Site, target: Run, name: string, optional: boolean): Run {
  const isOwn = !isInherited(name);
  return (env, frame) => {
    const object = target(env, frame);
    if (typeof object === 'object' && object !== null && isOwn && !Array.isArray(object)) {
      const value: unknown = (object as Record<string, unknown>)[name];
      if (value !== undefined) return value;
    }
    return object === skipped || (optional && object == null)
      ? skipped
      : memberOf(site, object, name);
  };
}

/** Reads a member, element or character with a key that is computed. */
export function member(site: Site, target: Run, key: Run, optional: boolean): Run {
  return (env, frame) => {
    const object = target(env, frame);
    if (object === skipped || (optional && object == null)) return skipped;
    return memberOf(site, object, key(env, frame));
  };
}

/** Ends a chain: what was skipped is nil. */
export function chain(target: Run): Run {
  return (env, frame) => {
    const value = target(env, frame);
    return value === skipped ? undefined : value;
  };
}

/** Tells whether the members of this value are skipped. */
export function isSkipped(value: unknown, optional: boolean): boolean {
  return value === skipped || (optional && value == null);
}

/** Reads a member of any value: a key of a map, an element of a list, a character of a text. */
export function memberOf(site: Site, object: unknown, key: unknown): unknown {
  if (Array.isArray(object)) return elementOf(site, object, key);
  if (typeof object === 'string' && typeof key !== 'string') {
    return elementOf(site, Array.from(object), key);
  }
  if (!isMap(object)) throw noMember(site, object, key);
  return valueOf(object, key);
}

/** Reads a key of a map, nil if it has none. */
export function valueOf(map: Readonly<Record<string, unknown>>, key: unknown): unknown {
  const name = typeof key === 'string' ? key : String(numberOf(key));
  return Object.hasOwn(map, name) && !outOfReach.has(name) ? map[name] : undefined;
}

function elementOf(site: Site, list: readonly unknown[], key: unknown): unknown {
  const number = numberOf(key);
  if (number === undefined) {
    throw failure(
      site,
      `cannot fetch ${shown(key)} from an array`,
      'Take an element first: `[0]`.',
    );
  }
  const index = Math.trunc(number);
  const position = index < 0 ? list.length + index : index;
  if (position >= 0 && position < list.length) return list[position];
  throw failure(
    site,
    `index out of range: ${index} (array length is ${list.length})`,
    'Look at `len(…)` first.',
  );
}

function noMember(site: Site, object: unknown, key: unknown) {
  const kind = kindOf(object);
  const hint = kind === 'nil' ? 'Write `?.` instead of `.`, or test for `nil` first.' : undefined;
  return failure(site, `cannot fetch ${shown(key)} from ${kind}`, hint);
}

function shown(key: unknown): string {
  return typeof key === 'string' || numberOf(key) !== undefined ? String(key) : kindOf(key);
}

/** Cuts a list or a text. Places beyond its ends mean the ends, negative ones count from the end. */
export function slice(site: Site, target: Run, start: Run | undefined, end: Run | undefined): Run {
  return (env, frame) => {
    const value = target(env, frame);
    if (value === skipped) return skipped;
    if (!Array.isArray(value) && typeof value !== 'string') {
      throw failure(site, `cannot slice ${kindOf(value)}`);
    }
    const list: readonly unknown[] = typeof value === 'string' ? Array.from(value) : value;
    const from = start === undefined ? 0 : place(site, start(env, frame), list.length);
    const to = end === undefined ? list.length : place(site, end(env, frame), list.length);
    const part = list.slice(from, Math.max(from, to));
    return typeof value === 'string' ? part.join('') : part;
  };
}

function place(site: Site, value: unknown, length: number): number {
  const number = numberOf(value);
  if (number === undefined) throw failure(site, `cannot slice at ${kindOf(value)}`);
  const whole = Math.trunc(number);
  return Math.min(Math.max(whole < 0 ? length + whole : whole, 0), length);
}
