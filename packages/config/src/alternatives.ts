import type { SchemaObject } from './catalog.ts';
import { isRecord } from './json.ts';

/**
 * Finds the one alternative of an `anyOf` or `oneOf` that a value is meant to be, by its type and by
 * the properties that have fixed values (`type: bearer`). `undefined`: several could be, or none.
 */
export function alternativeFor(
  alternatives: readonly SchemaObject[],
  value: unknown,
): number | undefined {
  const possible = alternatives.flatMap((schema, index) =>
    admits(schema, value) && fits(schema, value) ? [index] : [],
  );
  return possible.length === 1 ? possible[0] : undefined;
}

/** Tells whether a value is of a type that a schema takes. */
export function admits(schema: SchemaObject, value: unknown): boolean {
  const types = typesOf(schema);
  return types.length === 0 || types.some((type) => isOfType(value, type));
}

/** The types that a schema takes: none written means all. */
export function typesOf(schema: SchemaObject): readonly string[] {
  const type = schema['type'];
  return typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : [];
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
  for (const key of Object.keys(alternatives[0]?.properties ?? {})) {
    const tags = alternatives.map((schema) => namedValues(schema.properties?.[key] ?? {}));
    const values = tags.flatMap((tag) => tag ?? []);
    const isTag = tags.every((tag) => tag !== undefined);
    if (isTag && Object.hasOwn(value, key) && !values.includes(value[key])) return { key, values };
  }
  return undefined;
}

function fits(schema: SchemaObject, value: unknown): boolean {
  const values = namedValues(schema);
  if (values !== undefined) return values.includes(value);
  if (!isRecord(value)) return true;
  return Object.entries(schema.properties ?? {}).every(
    ([key, property]) =>
      !Object.hasOwn(value, key) || (namedValues(property)?.includes(value[key]) ?? true),
  );
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
