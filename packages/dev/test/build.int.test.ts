import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { validatorOptions } from '@cannectors/config/ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { writeValidator } from '../src/build/validator.ts';
import { vendorYaml } from '../src/build/vendor-yaml.ts';
import { folderWith } from './workspace.ts';

interface Validator {
  (config: unknown): boolean;
  errors?: unknown;
}

describe('the build', () => {
  it('writes validators that say what Ajv says', async () => {
    const schema = {
      type: 'object',
      required: ['path'],
      properties: {
        path: { type: 'string', minLength: 1, pattern: '^[^ ]+$' },
        tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
      },
      additionalProperties: false,
    };
    const base = folderWith({ 'plugins/inputs/x/schema.json': schema });

    await writeValidator('plugins/inputs/x', base);

    const file = path.join(base, 'plugins/inputs/x/dist/schema.validate.js');
    const { default: built } = (await import(pathToFileURL(file).href)) as { default: Validator };
    const fresh: Validator = new Ajv2020(validatorOptions).compile(schema);
    for (const config of [
      { path: 'a' },
      { path: '' },
      {},
      { path: 'a', tags: ['a', 'a'] },
      { path: 'a b', more: 1 },
    ]) {
      expect([built(config), built.errors]).toEqual([fresh(config), fresh.errors]);
    }
  });

  it('puts YAML into one file and lets the built modules import that', async () => {
    const base = folderWith({
      'packages/config/dist/src/parse.js':
        "import { parse } from 'yaml';\nexport const read = parse;\n",
      'packages/config/dist/src/deep/later.js': "export const later = () => import('yaml');\n",
    });

    await vendorYaml(base);

    const folder = path.join(base, 'packages/config/dist/src');
    const { read } = (await import(pathToFileURL(path.join(folder, 'parse.js')).href)) as {
      read: (text: string) => unknown;
    };
    expect(read('a: [1, 2]')).toEqual({ a: [1, 2] });
    expect(readFileSync(path.join(folder, 'deep/later.js'), 'utf8')).toContain(
      "import('./../vendor/yaml.js')",
    );
    expect(existsSync(path.join(folder, 'vendor/yaml.js'))).toBe(true);
  });
});
