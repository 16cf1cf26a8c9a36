import type { SchemaObject } from './catalog.ts';
import { isRecord, typeName } from './json.ts';
import { valueAt } from './pointer.ts';

/** The alternatives that stand at `anyOf` or `oneOf`, their references to `root` followed. */
export function alternativesOf(list: unknown, root: SchemaObject): SchemaObject[] {
  const schemas = Array.isArray(list) ? (list as SchemaObject[]) : [];
  return schemas.map((schema) => referred(schema, root) ?? schema);
}

/** The schema inside of `root` that a schema refers to with `$ref`. */
export function referred(schema: SchemaObject, root: SchemaObject): SchemaObject | undefined {
  const { $ref } = schema;
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined;
  const found = valueAt(root, $ref.slice(1));
  return isRecord(found) ? found : undefined;
}

/**
 * Finds the one alternative of an `anyOf` or `oneOf` that a value is meant to be: by its type, else by
 * the property that tells them apart (`type: bearer`). `undefined`: several could be, or none.
 */
export function alternativeFor(
  alternatives: readonly SchemaObject[],
  value: unknown,
): number | undefined {
  const possible = alternatives.filter((schema) => admits(schema, value));
  const meant = possible.length === 1 ? possible : possible.filter(isTagged(possible, value));
  const [only] = meant;
  return only !== undefined && meant.length === 1 ? alternatives.indexOf(only) : undefined;
}

/** Tells whether a value is of a type that a schema takes. */
export function admits(schema: SchemaObject, value: unknown): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.some((type) => isOfType(value, type));
}

/** The types that a schema takes, those of the values that it names; none means all. */
export function typesOf(schema: SchemaObject): readonly string[] {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? (type as string[]) : (namedValues(schema) ?? []).map(typeName);
}

/** The values that a schema takes, if it names them. */
export function namedValues(schema: SchemaObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema['const']];
  return Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : undefined;
}

/**
 * The property that tells alternatives apart, if a value has it with a value that none of them
 * names, and the values that they do name.
 */
export function missedTag(
  alternatives: readonly SchemaObject[],
  value: unknown,
): { key: string; values: readonly unknown[] } | undefined {
  if (!isRecord(value)) return undefined;
  return tagsOf(alternatives)
    .map((key) => ({ key, values: alternatives.flatMap((schema) => valuesOf(schema, key) ?? []) }))
    .find(({ key, values }) => Object.hasOwn(value, key) && !values.includes(value[key]));
}

/** The properties for which every alternative names values. */
export function tagsOf(alternatives: readonly SchemaObject[]): string[] {
  return Object.keys(alternatives[0]?.properties ?? {}).filter((key) =>
    alternatives.every((schema) => valuesOf(schema, key) !== undefined),
  );
}

function isTagged(
  alternatives: readonly SchemaObject[],
  value: unknown,
): (schema: SchemaObject) => boolean {
  const tags = isRecord(value)
    ? tagsOf(alternatives).filter((key) => Object.hasOwn(value, key))
    : [];
  return (schema) =>
    (namedValues(schema)?.includes(value) ?? true) &&
    tags.every((key) => isRecord(value) && valuesOf(schema, key)?.includes(value[key]));
}

function valuesOf(schema: SchemaObject, key: string): readonly unknown[] | undefined {
  const property = propertyOf(schema, key);
  return property && namedValues(property);
}

/** The schema of a property, if the schema names it. */
export function propertyOf<Schema extends SchemaObject>(
  { properties = {} }: { readonly properties?: Readonly<Record<string, Schema>> },
  key: string,
): Schema | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
