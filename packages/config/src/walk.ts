import type { Json } from '@cannectors/core';
import { alternativeFor, alternativesOf, propertyOf, referred } from './alternatives.ts';
import type { SchemaObject } from './catalog.ts';
import { isRecord, put } from './json.ts';
import { join } from './pointer.ts';

/** A list of steps inside a module: the branches of a condition, the body of a loop. */
export interface StepList {
  /** From the module's config. */
  readonly pointer: string;
  readonly steps: Json[];
}

/**
 * Fills in what the schema gives where the config says nothing, in place. Inside of alternatives too,
 * as soon as it is plain which one is meant.
 */
export function complete(schema: SchemaObject, config: Json): void {
  walk(schema, config, (schema, value) => {
    if (!isRecord(value)) return;
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      if (Object.hasOwn(value, key) || property['default'] === undefined) continue;
      put(value, key, structuredClone(property['default'] as Json));
    }
  });
}

/** Finds the lists of steps in a config, as its schema marks them: `x-cannectors: filters`. */
export function stepLists(schema: SchemaObject, config: Json): StepList[] {
  const found = new Map<string, StepList>();
  walk(schema, config, (schema, value, pointer) => {
    if (schema['x-cannectors'] !== 'filters' || !Array.isArray(value)) return;
    found.set(pointer, { pointer, steps: value });
  });
  return [...found.values()];
}

type See = (schema: SchemaObject, value: Json, pointer: string) => void;

/** Walks a value beside the schemas that speak of it, parents first. */
function walk(root: SchemaObject, value: Json, see: See): void {
  visit(root, value, '');

  function visit(schema: SchemaObject, value: Json, pointer: string): void {
    see(schema, value, pointer);
    for (const other of alsoOf(schema, value)) visit(other, value, pointer);
    if (Array.isArray(value)) {
      const items = schema['items'];
      for (const [index, item] of value.entries()) {
        if (isSchema(items)) visit(items, item, join(pointer, index));
      }
    } else if (isRecord(value)) {
      for (const [key, child] of Object.entries(value)) {
        const property = propertyOf(schema, key) ?? schema['additionalProperties'];
        if (isSchema(property)) visit(property, child, join(pointer, key));
      }
    }
  }

  /** Other schemas that speak of the same value. */
  function alsoOf(schema: SchemaObject, value: Json): SchemaObject[] {
    const meant = [schema['anyOf'], schema['oneOf']].flatMap<SchemaObject>((list) => {
      const alternatives = alternativesOf(list, root);
      return alternatives[alternativeFor(alternatives, value) ?? -1] ?? [];
    });
    const target = referred(schema, root);
    return [...alternativesOf(schema['allOf'], root), ...meant, ...(target ? [target] : [])];
  }
}

function isSchema(value: unknown): value is SchemaObject {
  return isRecord(value);
}
