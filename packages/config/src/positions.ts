import { keysOf } from './pointer.ts';

/** A place in a text, both from 1. A column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a value stands in the text, and where what is inside it stands. Offsets count from 0. */
export interface Spot {
  readonly offset: number;
  /** Of the key, if the value is in an object. */
  readonly keyOffset?: number;
  readonly inner?: ReadonlyMap<string, Spot>;
}

/** Makes a function from offsets to lines and columns. */
export function lineFinder(text: string): (offset: number) => Position {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/**
 * Finds a JSON Pointer in the text, or its nearest ancestor that is there.
 *
 * Of an object or a list that begins below its key, the key is named: that is where people look.
 */
export function positionOf(
  root: Spot,
  pointer: string,
  part: 'key' | 'value',
  lineOf: (offset: number) => Position,
): Position {
  let spot = root;
  let isWhole = true;
  for (const key of keysOf(pointer)) {
    const next = spot.inner?.get(key);
    isWhole = next !== undefined;
    if (next === undefined) break;
    spot = next;
  }
  const value = lineOf(spot.offset);
  if (spot.keyOffset === undefined) return value;
  const key = lineOf(spot.keyOffset);
  if (part === 'key' && isWhole) return key;
  return spot.inner !== undefined && key.line < value.line ? key : value;
}
