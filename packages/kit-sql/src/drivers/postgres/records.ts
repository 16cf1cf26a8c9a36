import type { Json, JsonRecord } from '@cannectors/core';
import { markIntegers, setKey } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { decoderOf, isInstant, isInteger } from './values.ts';
import type { Field } from './wire.ts';

/** Makes records of the rows of one result. */
export interface RecordReader {
  /** Columns that hold dates and instants. */
  readonly instants: readonly string[];
  /** @param cells the server's texts, in the order of the columns */
  record(cells: readonly (string | null)[]): JsonRecord;
}

/** Finds out once for a result how its values become JSON. */
export function recordReader(fields: readonly Field[], options: ValueOptions): RecordReader {
  const names = fields.map(({ name }) => name);
  const decoders = fields.map(({ dataTypeID }) => decoderOf(dataTypeID, options));
  const instants = fields.filter(({ dataTypeID }) => isInstant(dataTypeID));
  const integers = new Set(
    fields.filter(({ dataTypeID }) => isInteger(dataTypeID)).map(({ name }) => name),
  );
  const set = names.includes('__proto__') ? setKey : setPlainKey;

  return {
    instants: [...new Set(instants.map(({ name }) => name))],
    record(cells) {
      const record: JsonRecord = {};
      for (let index = 0; index < names.length; index++) {
        const text = cells[index] as string | null;
        const decode = decoders[index];
        set(
          record,
          names[index] as string,
          text === null || decode === undefined ? text : decode(text),
        );
      }
      if (integers.size > 0) markIntegers(record, integers);
      return record;
    },
  };
}

function setPlainKey(record: JsonRecord, key: string, value: Json): void {
  record[key] = value;
}
