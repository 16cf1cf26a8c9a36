import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { validatorOptions } from '@cannectors/config/ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';
import { root } from '../workspace.ts';

/**
 * Writes `dist/schema.validate.js` of a plugin: the function that Ajv makes of its schema, so that a
 * program that runs from packages does not compile one, which takes longer than all the rest of
 * `validate`.
 */
export async function writeValidator(folder: string, base: string = root): Promise<void> {
  const schema = readFileSync(path.join(base, folder, 'schema.json'), 'utf8');
  const code = validatorCode(JSON.parse(schema) as object);
  // The small functions of Ajv that it needs are looked up from this package.
  const entry = fileURLToPath(new URL('validator-entry.js', import.meta.url));
  const built = await rolldown({
    input: entry,
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      {
        name: 'validator',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? { code } : null),
      },
    ],
  });
  const file = path.join(base, folder, 'dist/schema.validate.js');
  try {
    await built.write({ file, format: 'esm', minify: true });
  } finally {
    await built.close();
  }
}

/** The source of a validator: a module whose default export it is. */
function validatorCode(schema: object): string {
  const ajv = new Ajv2020({ ...validatorOptions, code: { source: true, esm: true } });
  return standalone.default(ajv, ajv.compile(schema));
}
