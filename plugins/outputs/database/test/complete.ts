import type { JsonRecord } from '@cannectors/core';
import schema from '../schema.json' with { type: 'json' };
import type { Config } from '../src/config.ts';

/** Fills in what the schema gives, as the host does. */
export function complete(config: JsonRecord): Config {
  const made: JsonRecord = { ...config };
  for (const [key, property] of Object.entries(schema.properties)) {
    if ('default' in property) made[key] ??= property.default;
  }
  return made as unknown as Config;
}
