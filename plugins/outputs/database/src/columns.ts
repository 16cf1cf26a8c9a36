import type { Json, JsonRecord } from '@cannectors/core';
import { type RecordPath, recordPath } from '@cannectors/kit-record';
import { noKey, unknownColumn } from './faults.ts';

/** The columns of a table that records are written to. */
export interface Columns {
  readonly names: readonly string[];
  /** Where the value of each comes from: a key or a path. */
  readonly sources: readonly string[];
  /**
   * The values of a record, in the order of the names; null where there is none.
   *
   * @throws `database.unknown-column`, `database.no-key`
   */
  readonly row: (record: JsonRecord) => Json[];
}

/** Columns with the record path of each. What else a record holds is left out. */
export function columnsByPath(
  given: Readonly<Record<string, string>>,
  key: readonly string[],
): Columns {
  const names = Object.keys(given);
  const sources = Object.values(given);
  const paths = sources.map((source, index) =>
    recordPath(source, `/columns/${pointerOf(names[index])}`),
  );
  return columns(names, sources, key, (record) => {
    const row = Array<Json>(paths.length);
    for (let index = 0; index < paths.length; index++) {
      row[index] = (paths[index] as RecordPath).get(record) ?? null;
    }
    return row;
  });
}

/** Columns that are keys of the record. What else it holds is left out. */
export function columnsByName(names: readonly string[], key: readonly string[]): Columns {
  return columns(names, names, key, rowOf(names));
}

/** Columns that follow from a record, or `undefined` if it has none. Later ones may have no further key. */
export function columnsOf(record: JsonRecord, key: readonly string[]): Columns | undefined {
  const names = Object.keys(record).filter((name) => name !== scratch);
  if (names.length === 0) return undefined;
  const known = new Set([...names, scratch]);
  const values = rowOf(names);
  return columns(names, names, key, (record) => {
    const row = Array<Json>(names.length);
    let place = 0;
    // Most records have the keys of the first one in its order: that takes half the time (bench/rows).
    for (const name in record) {
      if (name !== names[place]) {
        place = -1;
        break;
      }
      row[place++] = record[name] as Json;
    }
    if (place === names.length) return row;
    for (const name in record) if (!known.has(name)) throw unknownColumn(name);
    return values(record);
  });
}

/** A scratch area of the pipeline, not data. */
const scratch = '_metadata';

function rowOf(names: readonly string[]): (record: JsonRecord) => Json[] {
  /** Of these every object has a value that is no data. */
  const inherited = names.map((name) => name in Object.prototype);
  return (record) => {
    const row = Array<Json>(names.length);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const isThere = !inherited[index] || Object.hasOwn(record, name);
      row[index] = (isThere ? record[name] : undefined) ?? null;
    }
    return row;
  };
}

/** Columns whose rows have a value for each part of the key. */
function columns(
  names: readonly string[],
  sources: readonly string[],
  key: readonly string[],
  values: (record: JsonRecord) => Json[],
): Columns {
  const places = key.map((name) => names.indexOf(name));
  return {
    names,
    sources,
    row(record) {
      const row = values(record);
      for (let index = 0; index < places.length; index++) {
        if ((row[places[index] as number] ?? null) === null) throw noKey(key[index] as string);
      }
      return row;
    },
  };
}

/** A key as a part of a JSON Pointer. */
function pointerOf(key = ''): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
