import type { JsonRecord } from '@cannectors/core';

/** Fills in what a schema gives as default, as the host does. */
export function completed(schema: JsonRecord, config: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...config };
  for (const [key, field] of Object.entries((schema['properties'] ?? {}) as JsonRecord)) {
    const inner = field as JsonRecord;
    const value = result[key];
    if (value === undefined) {
      if (inner['default'] !== undefined) result[key] = structuredClone(inner['default']);
    } else if (isRecord(value)) {
      result[key] = completed(inner, value);
    } else if (Array.isArray(value) && isRecord(inner['items'])) {
      const { items } = inner;
      result[key] = value.map((each) => (isRecord(each) ? completed(items, each) : each));
    }
  }
  return result;
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
