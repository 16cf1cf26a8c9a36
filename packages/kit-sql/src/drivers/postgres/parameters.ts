import { Buffer } from 'node:buffer';
import type { Json } from '@cannectors/core';
import { jsonText, parseJson } from '@cannectors/kit-record';
import type { SqlValue, ValueOptions } from '../../database.ts';
import { notBase64 } from '../../faults.ts';
import { types } from './values.ts';
import type { WireValue } from './wire.ts';

/** Arrays of built-in types, by their object identifiers. */
const arrays: ReadonlySet<number> = new Set([
  199, 1000, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1041, 1115, 1182, 1183, 1185,
  1231, 2951, 3807,
]);

/**
 * Turns the values of placeholders into what the server reads, by the types that it has found for them:
 * bytes as `binary` says, and a JSON list as an array where an array is needed.
 *
 * @throws `sql.bad-value` for what is not base64
 */
export function wireValues(
  values: readonly SqlValue[],
  parameters: readonly number[],
  binary: ValueOptions['binary'],
): WireValue[] {
  return values.map((value, index) => {
    if (value === null) return null;
    const type = parameters[index] ?? 0;
    if (typeof value !== 'string') return String(value);
    if (type === types.bytea) return bytesOf(value, binary);
    if (arrays.has(type) && value.startsWith('[')) return arrayOf(value);
    return value;
  });
}

/**
 * Bytes of a text: base64, or UTF-8. In the second form `\x` with hexadecimal digits is what the
 * server takes for bytes too.
 */
export function bytesOf(text: string, binary: ValueOptions['binary']): Buffer {
  if (binary === 'base64') return base64Of(text);
  if (!text.startsWith(String.raw`\x`)) return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(text.slice(2), 'hex');
  return bytes.length * 2 === text.length - 2 ? bytes : Buffer.from(text, 'utf8');
}

/** Node reads over what is not base64: the length tells. */
function base64Of(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const digits = text.replace(/={1,2}$/, '').length;
  if (digits % 4 === 1 || bytes.length !== Math.floor((digits * 3) / 4)) throw notBase64();
  return bytes;
}

function arrayOf(text: string): string {
  // `[0:1]={1,2}` is an array with bounds.
  if (/^\[[-\d]+:/.test(text)) return text;
  const list = parseJson(text);
  return Array.isArray(list) ? arrayLiteral(list) : text;
}

/** Writes a list as the server reads arrays: `{1,"a,b",NULL,{…}}`. Objects are JSON text in it. */
export function arrayLiteral(list: readonly Json[]): string {
  let text = '{';
  for (const [index, value] of list.entries()) {
    if (index > 0) text += ',';
    text += elementOf(value);
  }
  return `${text}}`;
}

function elementOf(value: Json): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === 'string') return quotedElement(value);
  return typeof value === 'object' ? quotedElement(jsonText(value)) : String(value);
}

const special = /[\\"]/;
const everySpecial = /[\\"]/g;

/** Quotes a text as an element of an array. */
export function quotedElement(text: string): string {
  return special.test(text) ? `"${text.replace(everySpecial, String.raw`\$&`)}"` : `"${text}"`;
}
