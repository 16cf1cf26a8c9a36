import type { Json, JsonRecord } from '@cannectors/core';

/** A text that is equal for equal values, whatever the order of their keys. */
export function textKey(value: Json): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(textKey).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${textKey(value[key] as Json)}`).join()}}`;
}

/** Those of `wanted` that are not in `found`, as often as they are missing. */
export function missingFrom(
  found: readonly JsonRecord[],
  wanted: readonly JsonRecord[],
): JsonRecord[] {
  const counts = new Map<string, number>();
  for (const record of found) {
    const key = textKey(record);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return wanted.filter((record) => {
    const key = textKey(record);
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count <= 0;
  });
}

/** Says in one sentence how two lists of records differ; `undefined` when they are equal. */
export function difference(
  what: string,
  found: readonly JsonRecord[],
  wanted: readonly JsonRecord[],
): string | undefined {
  const [lost, ...moreLost] = missingFrom(found, wanted);
  if (lost !== undefined) {
    return `${what}: ${moreLost.length + 1} missing, the first is ${textKey(lost)}.`;
  }
  const [extra, ...moreExtra] = missingFrom(wanted, found);
  if (extra !== undefined) {
    return `${what}: ${moreExtra.length + 1} too many, the first is ${textKey(extra)}.`;
  }
  const order = found.map(textKey);
  const at = wanted.findIndex((record, index) => textKey(record) !== order[index]);
  return at < 0 ? undefined : `${what}: the order is another from index ${at} on.`;
}
