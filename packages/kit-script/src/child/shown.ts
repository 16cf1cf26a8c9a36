// oxlint-disable typescript/unbound-method -- They are called with `apply`.
/**
 * Makes a function that writes what a script gives to its console: as much as there is room for.
 *
 * Runs inside the isolate, like the harness, so it uses nothing but what JavaScript itself has.
 *
 * @see spec/connectors/filters.md, section 8
 */
export function shownInside(room: number): (given: readonly unknown[]) => string {
  'use strict';
  // What the script may change later is taken now.
  const { stringify } = JSON;
  const { apply, ownKeys } = Reflect as typeof Reflect & {
    apply<Result>(method: (...given: never[]) => Result, on: unknown, given: unknown[]): Result;
  };
  const { isArray } = Array;
  const { slice } = Array.prototype;
  const { slice: cut } = String.prototype;
  const textOf = String;

  /** Writes a value as the console shows it, as much as there is room for. */
  function shown(value: unknown, depth: number, seen: unknown[], room: number): string {
    if (typeof value === 'string') {
      return depth === 0 ? value : stringify(apply(cut, value, [0, room]));
    }
    if (typeof value === 'bigint') return `${value}`;
    if (typeof value === 'function') return '[function]';
    if (typeof value !== 'object' || value === null) return textOf(value);
    if (value instanceof Error) return apply(cut, textOf(value), [0, room]);
    for (let index = 0; index < seen.length; index++) {
      if (seen[index] === value) return '[circular]';
    }
    if (depth > 10) return '[too deep]';
    const inner = apply(slice, seen, []);
    inner[inner.length] = value;
    return isArray(value)
      ? shownList(value, depth, inner, room)
      : shownObject(value, depth, inner, room);
  }

  function shownList(value: unknown[], depth: number, seen: unknown[], room: number): string {
    let text = '';
    const most = value.length > 100 ? 100 : value.length;
    for (let index = 0; index < most && text.length < room; index++) {
      text += `${index > 0 ? ', ' : ''}${shown(value[index], depth + 1, seen, room - text.length)}`;
    }
    const more = value.length > most ? `, ... ${value.length - most} more items` : '';
    return `[${text}${more}]`;
  }

  function shownObject(value: object, depth: number, seen: unknown[], room: number): string {
    let text = '';
    const keys = ownKeys(value);
    for (let index = 0; index < keys.length && text.length < room; index++) {
      const key = keys[index];
      if (typeof key !== 'string') continue;
      const inner = (value as Record<string, unknown>)[key];
      text += `${text === '' ? '' : ', '}${stringify(key)}: ${shown(inner, depth + 1, seen, room - text.length)}`;
    }
    return `{${text}}`;
  }

  return (given) => {
    let text = '';
    for (let index = 0; index < given.length && text.length < room; index++) {
      let one: string;
      try {
        one = shown(given[index], 0, [], room);
      } catch {
        one = '[cannot be shown]';
      }
      text += index > 0 ? ` ${one}` : one;
    }
    return text;
  };
}
