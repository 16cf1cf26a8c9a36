import type { SchemaObject } from '@cannectors/config';

/** A value of a config that its schema marks with `x-cannectors`. */
export interface Marked {
  readonly mark: string;
  readonly value: unknown;
  /** Where it stands in the config: a JSON Pointer. */
  readonly pointer: string;
}

/** Bound on schemas that refer to themselves. */
const maxDepth = 64;

/**
 * Finds the marked values of a config: secrets, lists of steps, and so on. Where a schema has
 * alternatives, each of them counts, whether it is meant or not.
 */
export function marks(config: unknown, root: SchemaObject): Marked[] {
  const found: Marked[] = [];

  const visit = (value: unknown, schema: unknown, pointer: string, depth: number): void => {
    if (!isObject(schema) || value === undefined || value === null || depth > maxDepth) return;
    const mark = schema['x-cannectors'];
    if (typeof mark === 'string') found.push({ mark, value, pointer });
    for (const other of alternatives(schema, root)) visit(value, other, pointer, depth + 1);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        visit(item, schema['items'], `${pointer}/${index}`, depth + 1);
      }
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const property = propertyOf(schema, key) ?? schema['additionalProperties'];
        visit(item, property, `${pointer}/${escaped(key)}`, depth + 1);
      }
    }
  };

  visit(config, root, '', 0);
  return found;
}

/** Other schemas that may speak of the same value. */
function alternatives(schema: SchemaObject, root: SchemaObject): unknown[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => schema[key] ?? []);
  return [...lists, schema['if'], schema['then'], schema['else'], referred(schema['$ref'], root)];
}

function propertyOf({ properties }: SchemaObject, key: string): SchemaObject | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function referred(reference: unknown, root: SchemaObject): unknown {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  const keys = reference.split('/').slice(1);
  return keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
