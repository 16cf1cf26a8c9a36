import type { Json } from '@cannectors/core';
import { jsonText } from './json-text.ts';

/**
 * Gives a value as text, the same everywhere: in templates, keys, URLs.
 *
 * Strings as they are; numbers in plain decimal, without an exponent below 1e21; `true` and
 * `false`; null and a missing value are empty; lists and objects as JSON.
 *
 * @see spec/connectors/templates-and-expressions.md, section 1.5
 */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return plainDecimal(String(value));
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** JavaScript writes what is below 1e-6 with an exponent: `1.5e-7` is 0.00000015. */
function plainDecimal(text: string): string {
  const at = text.indexOf('e-');
  if (at < 0) return text;
  const [, sign = '', digits = ''] = /^(-?)(.*)$/.exec(text.slice(0, at)) ?? [];
  const zeros = '0'.repeat(Number(text.slice(at + 2)) - 1);
  return `${sign}0.${zeros}${digits.replace('.', '')}`;
}
