import type { JsonRecord } from '@cannectors/core';
import { recordPath, textOf } from '@cannectors/kit-record';
import { unknownColumn } from './faults.ts';

/** The columns of a CSV file. */
export interface Columns {
  readonly names: readonly string[];
  /**
   * The fields of a record, in the order of the names. Lists and objects are JSON; null and what is
   * missing are empty.
   *
   * @throws `file.unknown-column`
   */
  fields(record: JsonRecord): string[];
}

/** Columns that were asked for. What else a record holds is left out. */
export function columnsByPath(
  given: readonly string[] | Readonly<Record<string, string>>,
): Columns {
  const isList = Array.isArray(given);
  const paths = Object.values(given).map((source, index) =>
    recordPath(source, `/csv/columns/${isList ? index : pointerOf(Object.keys(given)[index])}`),
  );
  return {
    names: isList ? given : Object.keys(given),
    fields: (record) => paths.map((path) => textOf(path.get(record))),
  };
}

/** Columns that follow from a record, or from the header of a file: nothing may be left out. */
export function columnsByKey(names: readonly string[]): Columns {
  const known = new Set(names);
  return {
    names,
    fields(record) {
      for (const key in record) if (!known.has(key)) throw unknownColumn(key);
      return names.map((name) => textOf(Object.hasOwn(record, name) ? record[name] : undefined));
    },
  };
}

/** A key as a part of a JSON Pointer. */
function pointerOf(key = ''): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
