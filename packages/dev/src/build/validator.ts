import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validatorOptions } from '@cannectors/config/ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { root } from '../workspace.ts';
import { bundle } from './bundle.ts';

/**
 * Writes `dist/schema.validate.js` of a plugin: the function that Ajv makes of its schema, so that a
 * program that runs from packages does not compile one. Compiling takes longer than all the rest of
 * `validate`.
 */
export async function writeValidator(folder: string, base: string = root): Promise<void> {
  const schema = readFileSync(path.join(base, folder, 'schema.json'), 'utf8');
  const file = path.join(base, folder, 'dist/schema.validate.js');
  await bundle({ code: validatorCode(JSON.parse(schema) as object), file });
}

/** The source of a validator: an ES module whose default export it is. */
export function validatorCode(schema: object): string {
  const ajv = new Ajv2020({ ...validatorOptions, code: { source: true, esm: true } });
  return standalone.default(ajv, ajv.compile(schema));
}
