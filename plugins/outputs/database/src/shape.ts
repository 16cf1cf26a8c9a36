import type { Json } from '@cannectors/core';
import type { NewColumn } from '@cannectors/kit-sql';

type Type = NewColumn['type'];

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/**
 * Gives the columns of a table that holds these rows. A column without a value, or with values of
 * several types, is text, but whole numbers among others are numbers. Only a key is never null: what
 * the first rows have, later ones may lack.
 *
 * @param rows values in the order of the names
 */
export function shapeOf(
  names: readonly string[],
  key: readonly string[],
  rows: readonly (readonly Json[])[],
): NewColumn[] {
  return names.map((name, index) => {
    let type: Type | undefined;
    for (const row of rows) type = joined(type, typeOf(row[index] ?? null));
    return { name, type: type ?? 'text', nullable: !key.includes(name) };
  });
}

function typeOf(value: Json): Type | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  if (typeof value === 'bigint') {
    return value >= int64.min && value <= int64.max ? 'integer' : 'text';
  }
  if (typeof value === 'string') return instant.test(value) ? 'instant' : 'text';
  return 'json';
}

function joined(one: Type | undefined, other: Type | undefined): Type | undefined {
  if (one === undefined || one === other) return other;
  if (other === undefined) return one;
  const isNumber = [one, other].every((type) => type === 'integer' || type === 'number');
  return isNumber ? 'number' : 'text';
}
