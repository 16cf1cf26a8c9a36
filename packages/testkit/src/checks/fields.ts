import type { JsonRecord } from '@cannectors/core';

/** A place in a schema. */
export interface Field {
  /** JSON Pointer into a config, with `*` for any index or key: `/headers/*`. */
  readonly pointer: string;
  /** Key under which it stands; empty for the config itself, list items and alternatives. */
  readonly name: string;
  /** Nearest key above. */
  readonly parent: string;
  readonly schema: JsonRecord;
}

/** Every place of a schema where a value may stand: properties, list items, map values, alternatives. */
export function* fieldsOf(schema: JsonRecord): Generator<Field> {
  yield* walk({ pointer: '', name: '', parent: '', schema });
}

function* walk(field: Field): Generator<Field> {
  yield field;
  const { pointer, schema } = field;
  const inner = field.name === '' ? field.parent : field.name;
  for (const [name, property] of entries(schema['properties'])) {
    yield* walk({ pointer: `${pointer}/${name}`, name, parent: inner, schema: property });
  }
  for (const [, value] of entries(schema['patternProperties'])) {
    yield* walk({ pointer: `${pointer}/*`, name: '', parent: inner, schema: value });
  }
  for (const key of ['additionalProperties', 'items'] as const) {
    const value = schema[key];
    if (!isSchema(value)) continue;
    yield* walk({ pointer: `${pointer}/*`, name: '', parent: inner, schema: value });
  }
  // `allOf`, `if`, `then`, `else` and `not` only narrow what stands elsewhere.
  for (const key of ['anyOf', 'oneOf'] as const) {
    for (const value of listOf(schema[key])) {
      if (isSchema(value)) yield* walk({ pointer, name: '', parent: inner, schema: value });
    }
  }
}

/** Tells whether a pointer into a config leads to a place that the schema knows. */
export function leadsSomewhere(schema: JsonRecord, pointer: string): boolean {
  const parts = pointer.split('/').slice(1);
  for (const field of fieldsOf(schema)) {
    const known = field.pointer.split('/').slice(1);
    const fits = known.every((part, index) => part === '*' || part === parts[index]);
    if (!fits || known.length > parts.length) continue;
    if (known.length === parts.length) return true;
    // Below a nested list of steps, or a value of any shape, the schema says no more.
    const steps = field.schema['x-cannectors'] === 'filters';
    const anything = field.schema['type'] === undefined && !isUnion(field.schema);
    if (steps || anything) return true;
  }
  return false;
}

function isUnion(schema: JsonRecord): boolean {
  return ['anyOf', 'oneOf', 'const', 'enum', 'properties'].some((key) => key in schema);
}

function isSchema(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entries(value: unknown): [string, JsonRecord][] {
  return isSchema(value) ? (Object.entries(value) as [string, JsonRecord][]) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
