import type { Json } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';

type Row = readonly Json[];

/**
 * Gives of rows with the same key the last, each at the place of its first. Values that are the same only
 * to the server, such as `1` and `01`, stay apart.
 *
 * @param key where the values of the key stand in a row
 */
export function lastRows(rows: readonly Row[], key: readonly number[]): readonly Row[] {
  const keyOf = key.length === 1 ? singleKey(key[0] ?? 0) : joinedKey(key);
  if (new Set(rows.map(keyOf)).size === rows.length) return rows;
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

/** A row with nothing in its key is nobody's double: the key is the row itself. */
type KeyOf = (row: Row) => Json | Row;

function singleKey(index: number): KeyOf {
  return (row) => row[index] ?? row;
}

function joinedKey(key: readonly number[]): KeyOf {
  return (row) => {
    const values = key.map((index) => row[index] ?? null);
    return values.includes(null) ? row : jsonText(values);
  };
}
