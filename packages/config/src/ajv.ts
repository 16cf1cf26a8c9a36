import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import type { SchemaObject } from './catalog.ts';
import type { SchemaError } from './check.ts';

/**
 * How a plugin's schema is compiled, also by the build step that writes validators beside schemas.
 * Defaults are filled in before (`walk.ts`), formats are notes for people, and words that Ajv does
 * not know, such as `x-cannectors`, are left alone.
 */
export const validatorOptions = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  validateSchema: false,
  meta: false,
  addUsedSchema: false,
  messages: false,
  logger: false,
} satisfies Options;

const ajv = new Ajv2020(validatorOptions);

/** Compiles a schema, which takes some 20 ms for a small one. @throws when it is no schema */
export function compile(schema: SchemaObject): {
  (value: unknown): unknown;
  errors?: readonly SchemaError[] | null;
} {
  return ajv.compile(schema);
}
