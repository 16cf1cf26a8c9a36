import type { SchemaObject } from '@cannectors/config';
import { jsonText } from './json-text.ts';

/** A key of a plugin's config. */
export interface ConfigKey {
  /** `retry.maxAttempts`, `mappings[].target`. */
  readonly key: string;
  readonly type: string;
  /** `required`, `default 3`, or nothing. */
  readonly presence: string;
  readonly description: string;
}

/** The keys that a schema accepts, in its order, those of nested objects below their parent. */
export function configKeys(schema: SchemaObject, prefix = ''): ConfigKey[] {
  const required = listOf(schema['required']);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    {
      key: prefix + name,
      type: typeText(field),
      presence: presenceText(field, required.includes(name)),
      description: typeof field['description'] === 'string' ? field['description'] : '',
    },
    ...configKeys(field, `${prefix}${name}.`),
    ...(isSchema(field['items']) ? configKeys(field['items'], `${prefix}${name}[].`) : []),
  ]);
}

function presenceText(field: SchemaObject, isRequired: boolean): string {
  if (field['default'] !== undefined) return `default ${jsonText(field['default'])}`;
  return isRequired ? 'required' : '';
}

/** The type of a value, for people: `string`, `"get" | "post"`, `list of object`. */
function typeText(schema: SchemaObject): string {
  const marked = schema['x-cannectors'];
  if (marked === 'filters') return 'list of filters';
  if (typeof marked === 'string' && marked !== 'secret') return marked;
  if ('const' in schema) return jsonText(schema['const']);
  const alternatives = listOf(schema['enum']);
  if (alternatives.length > 0) return alternatives.map((value) => jsonText(value)).join(' | ');
  const schemas = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].filter(isSchema);
  if (schemas.length > 0) return [...new Set(schemas.map(typeText))].join(' | ');
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type'] ?? 'any'];
  const items = schema['items'];
  return types
    .map((type) => (type === 'array' && isSchema(items) ? `list of ${typeText(items)}` : `${type}`))
    .join(' | ');
}

function isSchema(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
