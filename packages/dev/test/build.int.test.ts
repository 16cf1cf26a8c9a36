import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { validatorOptions } from '@cannectors/config/ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { bundlePackage } from '../src/build/bundle-package.ts';
import { writeValidator } from '../src/build/validator.ts';
import { root } from '../src/workspace.ts';
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

  it('bundles a package into one module for each door', async () => {
    const folder = 'packages/config';
    const manifest = {
      name: '@cannectors/config',
      exports: {
        '.': './src/index.ts',
        './more': './src/more.ts',
        './package.json': './package.json',
      },
    };
    const base = folderWith({
      [`${folder}/package.json`]: manifest,
      [`${folder}/src/index.ts`]: `
        import process, { version as running } from 'node:process';
        import { parse } from 'yaml';
        import type { Json } from '@cannectors/core';
        import { count } from './count.ts';
        export { isFault } from '@cannectors/core';
        export const read = (text: string): Json => parse(text) as Json;
        export const later = async (): Promise<string> => (await import('./late.ts')).word;
        export const counted = (): number => count();
        export const node = (): string[] => [process.version, running];
      `,
      [`${folder}/src/more.ts`]: "export { count } from './count.ts';",
      [`${folder}/src/count.ts`]: 'let n = 0;\nexport const count = (): number => ++n;',
      [`${folder}/src/late.ts`]: "export const word: string = 'late';",
      [`${folder}/dist/src/count.js`]: 'what tsc wrote',
      [`${folder}/dist/src/count.d.ts`]: 'what tsc wrote',
    });
    for (const name of ['yaml', '@cannectors/core']) {
      const link = path.join(base, 'node_modules', name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(root, 'packages/testkit/node_modules', name), link);
    }

    await bundlePackage({ folder, manifest }, base);

    const dist = path.join(base, folder, 'dist/src');
    const index = await importOf(path.join(dist, 'index.js'));
    const more = await importOf(path.join(dist, 'more.js'));
    expect(index['read']?.('a: [1, 2]')).toEqual({ a: [1, 2] });
    expect(await index['later']?.()).toBe('late');
    expect(index['node']?.()).toEqual([process.version, process.version]);
    expect([index['counted']?.(), more['count']?.(), index['counted']?.()]).toEqual([1, 2, 3]);
    const code = readFileSync(path.join(dist, 'index.js'), 'utf8');
    expect(code).toMatch(/^import .*from ["']@cannectors\/core["']/m);
    expect(code).not.toMatch(/^import .*["'](yaml|node:.*)["']/m);
    expect(existsSync(path.join(dist, 'count.js'))).toBe(false);
    expect(existsSync(path.join(dist, 'count.d.ts'))).toBe(true);
  });
});

async function importOf(file: string): Promise<Record<string, (...given: unknown[]) => unknown>> {
  return (await import(pathToFileURL(file).href)) as Record<string, () => unknown>;
}
