import type { Json } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { arrayLiteral, bytesOf } from './parameters.ts';
import type { Column } from './table.ts';

/**
 * Writes a value as the input function of a column's type reads it: bytes as hexadecimal digits, a
 * list as an array where the column is one, objects and other lists as JSON.
 *
 * @throws `sql.bad-value` for what is not base64
 */
export function cellText(
  value: Exclude<Json, null>,
  kind: Column['kind'],
  binary: ValueOptions['binary'],
): string {
  if (typeof value === 'string') {
    return kind === 'bytes' ? String.raw`\x` + bytesOf(value, binary).toString('hex') : value;
  }
  if (typeof value !== 'object') return String(value);
  return kind === 'array' && Array.isArray(value) ? arrayLiteral(value) : jsonText(value);
}
