import type { JsonRecord } from '@cannectors/core';
import { setKey } from '@cannectors/kit-record';
import { badQuotes, wrongFieldCount } from './faults.ts';
import type { Splitter } from './pages.ts';

const lineFeed = 0x0a;
const quote = 0x22;

/**
 * Splits CSV: a row on each line, or on several where a quoted field has line breaks. Empty lines
 * hold nothing.
 *
 * @param columns names of the fields, in order; may be filled before the first row is read
 * @see RFC 4180
 */
export function rows(delimiter: string, columns: readonly string[]): Splitter {
  const between = delimiter.charCodeAt(0);
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  let line = 1;
  /** Lines that the row has begun after its first one. */
  let more = 0;
  let isBetween = false;

  return {
    isDone: false,
    get place() {
      return { line };
    },
    next(bytes, from) {
      if (isBetween) {
        line += more + 1;
        more = 0;
        isBetween = false;
      }
      for (let at = from; at < bytes.length; at++) {
        const byte = bytes[at];
        if (state === 'quoted') {
          if (byte === quote) state = 'closed';
          else if (byte === lineFeed) more++;
        } else if (byte === lineFeed) {
          state = 'start';
          isBetween = true;
          return at;
        } else if (byte === between) state = 'start';
        // Inside a plain field a quote opens nothing: `5" pipe` spoils no row but its own.
        else if (byte === quote && state !== 'plain') state = 'quoted';
        else state = 'plain';
      }
      return -1;
    },
    record(text) {
      const row = withoutReturn(text);
      if (row === '') return undefined;
      const fields = fieldsOf(row, delimiter);
      if (fields.length !== columns.length) throw wrongFieldCount(fields.length, columns.length);
      const record: JsonRecord = {};
      for (let index = 0; index < fields.length; index++) {
        setKey(record, columns[index] ?? '', fields[index] ?? '');
      }
      return record;
    },
  };
}

/** The text of a row that ended with CR LF. */
export function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/**
 * Takes a row apart.
 *
 * @throws `file.bad-quotes`
 */
export function fieldsOf(row: string, delimiter: string): string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; at++) {
    const isQuoted = row[at] === '"';
    const end = isQuoted ? endOfQuoted(row, at) : endOfPlain(row, at, delimiter);
    fields.push(isQuoted ? row.slice(at + 1, end - 1).replaceAll('""', '"') : row.slice(at, end));
    at = end;
    if (at === row.length) return fields;
    if (row[at] !== delimiter) throw badQuotes('A quoted field goes on behind its closing quote.');
  }
}

/** The place behind the closing quote. */
function endOfQuoted(row: string, start: number): number {
  let close = row.indexOf('"', start + 1);
  while (close >= 0 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
  if (close < 0) throw badQuotes('A quoted field has no closing quote.');
  return close + 1;
}

function endOfPlain(row: string, start: number, delimiter: string): number {
  const found = row.indexOf(delimiter, start);
  const end = found < 0 ? row.length : found;
  if (row.slice(start, end).includes('"')) {
    throw badQuotes('A field that is not quoted holds a quote.');
  }
  return end;
}
