import type { JsonRecord } from '@cannectors/core';

/** Fills in what a schema gives, as the host does. */
export function complete(schema: object, config: JsonRecord): JsonRecord {
  const made = structuredClone(config);
  const { properties = {} } = schema as { properties?: Record<string, JsonRecord> };
  for (const [key, property] of Object.entries(properties)) {
    if (made[key] === undefined && property['default'] !== undefined) {
      made[key] = structuredClone(property['default']);
    }
    const value = made[key];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject) made[key] = complete(property, value);
  }
  return made;
}
