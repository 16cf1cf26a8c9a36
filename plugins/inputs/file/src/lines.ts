import { isRecord, parseJson, typeName } from '@cannectors/kit-record';
import { notAnObject } from './faults.ts';
import type { Splitter } from './pages.ts';

const lineFeed = 0x0a;

/** NDJSON: a JSON object on each line. Empty lines hold nothing. */
export function lines(): Splitter {
  let line = 0;
  let isBetween = true;

  return {
    isDone: false,
    keepsText: false,
    get place() {
      return { line };
    },
    next(bytes, from) {
      if (isBetween) line++;
      const end = bytes.indexOf(lineFeed, from);
      isBetween = end >= 0;
      return end;
    },
    record(text) {
      if (isBlank(text)) return undefined;
      const value = parseJson(text);
      if (!isRecord(value)) throw notAnObject(typeName(value));
      return value;
    },
  };
}

function isBlank(text: string): boolean {
  return /^[ \t\r]*$/.test(text);
}
