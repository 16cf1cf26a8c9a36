import { isRecord, parseJson, typeName } from '@cannectors/kit-record';
import { elementRuns } from './element-runs.ts';
import { notAnObject } from './faults.ts';
import type { Splitter } from './pages.ts';
import { valueScanner } from './value-scanner.ts';

const closingBracket = 0x5d;
const closingBrace = 0x7d;

/** The elements of a JSON list: a splitter that counts. */
export interface Elements extends Splitter {
  /** Elements that were found so far. */
  readonly count: number;
}

/**
 * Splits a JSON list, from behind its `[` up to its `]`.
 *
 * @param skip number of elements that are passed over, unread
 */
export function elements(skip: number): Elements {
  const scanner = valueScanner();
  const runs = elementRuns();
  let count = 0;
  let isDone = false;

  return {
    keepsText: false,
    get isDone() {
      return isDone;
    },
    get count() {
      return count;
    },
    get place() {
      return { index: count - 1 };
    },
    next(bytes, from) {
      if (isDone) return -1;
      let end = scanner.end(bytes, from);
      // A stray brace spoils its own element only.
      while (bytes[end] === closingBrace) end = scanner.end(bytes, end + 1);
      if (end < 0) return -1;
      isDone = bytes[end] === closingBracket;
      count++;
      return end;
    },
    record(text) {
      if (isDone && count === 1 && text.trim() === '') {
        count = 0;
        return undefined;
      }
      if (count <= skip) return undefined;
      const value = parseJson(text);
      if (!isRecord(value)) throw notAnObject(typeName(value));
      return value;
    },
    run(bytes, from) {
      if (isDone || count < skip) return undefined;
      const run = runs(bytes, from);
      count += run?.records.length ?? 0;
      return run;
    },
  };
}
