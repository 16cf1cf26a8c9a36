import type { Json } from '@cannectors/core';

/** Gives the name of a value's type as messages have it. A missing value is `null`. */
export function typeName(
  value: Json | undefined,
): 'string' | 'number' | 'boolean' | 'array' | 'object' | 'null' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'bigint' ? 'number' : (type as 'string' | 'number' | 'boolean' | 'object');
}
