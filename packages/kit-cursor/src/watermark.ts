import type { Json, JsonRecord, Log } from '@cannectors/core';
import type { RecordPath } from '@cannectors/kit-record';
import { missingValue } from './faults.ts';

/** What a watermark follows. */
export interface Kind<Value> {
  readonly name: 'id' | 'timestamp';
  /** The value of a field; `undefined`: not usable. */
  parse(value: Json | undefined): Value | undefined;
  compare(a: Value, b: Value): number;
  /** Says, once in a run, how many records had no usable value. */
  warn(log: Log, field: string, missing: number, records: number): void;
}

/** The largest value of a field over all records of a run. */
export interface Watermark<Value> {
  /** Takes the value of a record, if it is usable. `index` counts from 0 over the run. */
  observe(record: JsonRecord, index: number): void;
  /** The largest value so far, never less than the one it began with. */
  readonly largest: Value | undefined;
  /** Ends the run: warns of what was missing. */
  finish(log: Log): void;
}

/**
 * Follows a field from a start value: keeps the largest value and never goes back.
 *
 * @param isError a record without a usable value ends the run
 * @throws `cursor.missing-value`, from `observe`
 */
export function watermark<Value>(
  kind: Kind<Value>,
  path: RecordPath,
  start: Value | undefined,
  isError: boolean,
): Watermark<Value> {
  let largest = start;
  let missing = 0;
  let records = 0;
  /** Many sources repeat a value from record to record; it needs no second look. */
  let last: Json | undefined;

  return {
    observe(record, index) {
      records++;
      const raw = path.get(record);
      if (raw !== undefined && raw === last) return;
      const value = kind.parse(raw);
      if (value === undefined) {
        if (isError) throw missingValue(kind.name, path.source, index);
        missing++;
        return;
      }
      last = raw;
      if (largest === undefined || kind.compare(value, largest) > 0) largest = value;
    },
    get largest() {
      return largest;
    },
    finish(log) {
      if (missing > 0) kind.warn(log, path.source, missing, records);
    },
  };
}
