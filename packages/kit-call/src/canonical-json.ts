import type { Json } from '@cannectors/core';
import { isRecord, jsonText } from '@cannectors/kit-record';

/**
 * Writes a value as JSON with the keys of every object sorted: equal values give equal texts, in
 * whatever order their keys stand.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isRecord(value)) return jsonText(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${jsonText(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}
