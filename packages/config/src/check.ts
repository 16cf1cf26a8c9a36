import type { Json } from '@cannectors/core';
import { admits, alternativeFor, propertyOf } from './alternatives.ts';
import type { SchemaObject } from './catalog.ts';
import { isRecord } from './json.ts';
import { join } from './pointer.ts';

/** The part of JSON Schema that the document's own schemas are written in. */
export interface Keywords extends SchemaObject {
  readonly description?: string;
  readonly default?: Json;
  readonly type?: string | readonly string[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Keywords[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Keywords;
  readonly properties?: Readonly<Record<string, Keywords>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Keywords;
}

/** What a validator says, in the shape of Ajv. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

type Miss = (keyword: string, params: SchemaError['params']) => void;

/**
 * Checks a value against a schema of our own and gives what Ajv would: all errors.
 *
 * Ajv itself takes longer to import than Node to start, and is left to the plugins' schemas.
 */
export function check(schema: Keywords, value: unknown): SchemaError[] {
  const errors: SchemaError[] = [];
  visit(schema, value, '', '#');
  return errors;

  function visit(schema: Keywords, value: unknown, at: string, place: string): void {
    const miss: Miss = (keyword, params) => {
      errors.push({ keyword, instancePath: at, schemaPath: `${place}/${keyword}`, params });
    };
    if (schema.anyOf !== undefined) {
      const index = alternativeFor(schema.anyOf, value);
      const chosen = index === undefined ? undefined : schema.anyOf[index];
      if (chosen === undefined) miss('anyOf', {});
      else visit(chosen, value, at, `${place}/anyOf/${index}`);
      return;
    }
    if (schema.type !== undefined && !admits(schema, value)) {
      miss('type', { type: schema.type });
      return;
    }
    checkValue(schema, value, miss);
    if (typeof value === 'string') checkText(schema, value, miss);
    if (typeof value === 'number') checkNumber(schema, value, miss);
    if (Array.isArray(value)) {
      checkList(schema, value, miss);
      for (const [index, item] of value.entries()) {
        if (schema.items) visit(schema.items, item, join(at, index), `${place}/items`);
      }
    }
    if (isRecord(value)) {
      checkKeys(schema, value, miss);
      for (const [key, child] of Object.entries(value)) {
        const known = propertyOf(schema, key);
        const other = schema.additionalProperties;
        if (known) visit(known, child, join(at, key), join(`${place}/properties`, key));
        else if (other) visit(other, child, join(at, key), `${place}/additionalProperties`);
      }
    }
  }
}

function checkValue(schema: Keywords, value: unknown, miss: Miss): void {
  if (schema.const !== undefined && schema.const !== value) {
    miss('const', { allowedValue: schema.const });
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as Json)) {
    miss('enum', { allowedValues: schema.enum });
  }
}

function checkText(schema: Keywords, value: string, miss: Miss): void {
  // As people count: an emoji is one character.
  const length = Array.from(value).length;
  if (length < (schema.minLength ?? 0)) miss('minLength', { limit: schema.minLength });
  if (length > (schema.maxLength ?? Infinity)) miss('maxLength', { limit: schema.maxLength });
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    miss('pattern', { pattern: schema.pattern });
  }
}

function checkNumber(schema: Keywords, value: number, miss: Miss): void {
  if (value < (schema.minimum ?? -Infinity)) {
    miss('minimum', { comparison: '>=', limit: schema.minimum });
  }
  if (value > (schema.maximum ?? Infinity)) {
    miss('maximum', { comparison: '<=', limit: schema.maximum });
  }
}

function checkList(schema: Keywords, value: readonly unknown[], miss: Miss): void {
  if (value.length < (schema.minItems ?? 0)) miss('minItems', { limit: schema.minItems });
  if (schema.uniqueItems !== true) return;
  const again = value.findIndex((item, index) => value.indexOf(item) < index);
  if (again > 0) miss('uniqueItems', { i: again, j: value.indexOf(value[again]) });
}

function checkKeys(schema: Keywords, value: Readonly<Record<string, unknown>>, miss: Miss): void {
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) miss('required', { missingProperty: key });
  }
  if (schema.additionalProperties !== false) return;
  for (const key of Object.keys(value)) {
    if (!propertyOf(schema, key)) miss('additionalProperties', { additionalProperty: key });
  }
}
