import type { JsonRecord } from '@cannectors/core';
import { fieldsOf, rowScanner } from '@cannectors/kit-csv';
import { setKey } from '@cannectors/kit-record';
import { wrongFieldCount } from './faults.ts';
import type { Splitter } from './pages.ts';

/**
 * Splits CSV: a row on each line, or on several where a quoted field has line breaks. Empty lines
 * hold nothing.
 *
 * @param columns names of the fields, in order
 */
export function rows(delimiter: string, columns: readonly string[]): Splitter {
  const scanner = rowScanner(delimiter);
  let line = 1;
  let isBetween = false;

  return {
    isDone: false,
    keepsText: true,
    get place() {
      return { line };
    },
    next(bytes, from) {
      if (isBetween) line += scanner.innerBreaks + 1;
      const end = scanner.end(bytes, from);
      isBetween = end >= 0;
      return end;
    },
    record(text) {
      if (text === '' || text === '\r') return undefined;
      const fields = fieldsOf(text, delimiter);
      if (fields.length !== columns.length) throw wrongFieldCount(fields.length, columns.length);
      const record: JsonRecord = {};
      for (let index = 0; index < fields.length; index++) {
        setKey(record, columns[index] ?? '', fields[index] ?? '');
      }
      return record;
    },
  };
}
