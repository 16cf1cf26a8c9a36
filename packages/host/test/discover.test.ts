import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { discover } from '../src/plugins/discover.ts';
import type { Installed } from '../src/plugins/installed.ts';
import { pluginFiles } from './plugin-package.ts';
import { tempTree } from './temp-tree.ts';

const bundle = (dependencies: readonly string[], more: object = {}): object => ({
  name: 'cannectors',
  version: '1.0.0',
  cannectors: { apiVersion: 1, kind: 'bundle' },
  dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
  ...more,
});

const project = (dependencies: readonly string[]): object => ({
  name: 'project',
  dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
});

const listed = (installed: Installed): string[] =>
  installed.list().map(({ kind, type, version, from }) => `${kind} ${type} ${version} ${from}`);

describe('discover', () => {
  it('finds declared dependencies of the nearest package.json, and nothing else', async () => {
    const root = tempTree({
      'package.json': project(['a-plugin', 'left-pad', 'not-installed']),
      'pipelines/deep/x.yaml': '',
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a' }),
      ...pluginFiles('node_modules/undeclared', { name: 'undeclared', type: 'u' }),
      'node_modules/left-pad/package.json': { name: 'left-pad', version: '1.0.0' },
    });

    const installed = await discover({ folder: path.join(root, 'pipelines/deep') });

    expect(listed(installed)).toEqual(['filter a 1.0.0 project']);
    expect(installed.problems).toEqual([]);
  });

  it('follows bundles, and bundles in bundles', async () => {
    const root = tempTree({
      'package.json': { name: 'project', devDependencies: { cannectors: '*' } },
      'node_modules/cannectors/package.json': bundle(['a-plugin', 'more']),
      'node_modules/more/package.json': bundle(['b-plugin', 'cannectors'], { name: 'more' }),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a' }),
      ...pluginFiles('node_modules/b-plugin', { name: 'b-plugin', type: 'b', kind: 'output' }),
    });

    const installed = await discover({ folder: root });

    expect(listed(installed)).toEqual(['filter a 1.0.0 bundle', 'output b 1.0.0 bundle']);
  });

  it('finds what a bundle depends on in the layout of pnpm, where links lead out', async () => {
    const store = 'node_modules/.pnpm';
    const root = tempTree({
      'package.json': project(['cannectors']),
      [`${store}/cannectors@1/node_modules/cannectors/package.json`]: bundle(['a-plugin']),
      ...pluginFiles(`${store}/a-plugin@1/node_modules/a-plugin`, { name: 'a-plugin', type: 'a' }),
    });
    symlinkSync('.pnpm/cannectors@1/node_modules/cannectors', `${root}/node_modules/cannectors`);
    symlinkSync(
      '../../a-plugin@1/node_modules/a-plugin',
      `${root}/${store}/cannectors@1/node_modules/a-plugin`,
    );

    const installed = await discover({ folder: root });

    expect(listed(installed)).toEqual(['filter a 1.0.0 bundle']);
  });

  it('has the bundle of the command in a folder without a package.json', async () => {
    const empty = tempTree();
    const global = tempTree({
      'node_modules/cannectors/package.json': bundle(['a-plugin']),
      'node_modules/cannectors/bin.js': '',
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a' }),
    });
    const command = pathToFileURL(`${global}/node_modules/cannectors/bin.js`).href;

    const installed = await discover({ folder: empty, command });

    expect(listed(installed)).toEqual(['filter a 1.0.0 bundle']);
  });

  it('has the meta-package beside a command that is no bundle itself', async () => {
    const root = tempTree({
      'node_modules/@cannectors/cli/package.json': { name: '@cannectors/cli', version: '1.0.0' },
      'node_modules/cannectors/package.json': bundle(['a-plugin']),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a' }),
    });
    const command = pathToFileURL(`${root}/node_modules/@cannectors/cli/bin.js`).href;

    const installed = await discover({ folder: tempTree(), command });

    expect(listed(installed)).toEqual(['filter a 1.0.0 bundle']);
  });

  it('prefers what the project declares to what its bundle and the command bring', async () => {
    const global = tempTree({
      'node_modules/cannectors/package.json': bundle(['a-plugin']),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a', version: '3.0.0' }),
    });
    const root = tempTree({
      'package.json': project(['cannectors', 'a-plugin']),
      'node_modules/cannectors/package.json': bundle(['a-plugin']),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a', version: '1.2.0' }),
      ...pluginFiles('node_modules/cannectors/node_modules/a-plugin', {
        name: 'a-plugin',
        type: 'a',
        version: '1.9.0',
      }),
    });
    const command = pathToFileURL(`${global}/node_modules/cannectors/bin.js`).href;

    const installed = await discover({ folder: root, command });

    expect(installed.find('filter', 'a')?.version).toBe('1.2.0');
    expect(installed.find('filter', 'a@3')?.version).toBe('3.0.0');
    expect(installed.problems).toEqual([]);
  });

  it('keeps two majors apart through npm aliases', async () => {
    const root = tempTree({
      'package.json': {
        dependencies: { 'poll-1': 'npm:poll@1', poll: '^2.0.0' },
      },
      ...pluginFiles('node_modules/poll-1', { name: 'poll', type: 'poll', version: '1.4.2' }),
      ...pluginFiles('node_modules/poll', { name: 'poll', type: 'poll', version: '2.0.1' }),
    });

    const installed = await discover({ folder: root });

    expect(installed.find('filter', 'poll')?.version).toBe('2.0.1');
    expect(installed.find('filter', 'poll@1')?.version).toBe('1.4.2');
    expect(installed.find('filter', 'poll@3')).toBeUndefined();
    expect(installed.problems).toEqual([]);
  });

  it('finds a plugin by an alias, and only among its kind', async () => {
    const root = tempTree({
      'package.json': project(['a-plugin']),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a', aliases: ['old_a'] }),
    });

    const installed = await discover({ folder: root });

    expect(installed.find('filter', 'old_a')?.type).toBe('a');
    expect(installed.find('output', 'a')).toBeUndefined();
    expect(installed.find('filter', '__proto__')).toBeUndefined();
  });

  it('names both packages that claim a type in one major, and loads neither', async () => {
    const root = tempTree({
      'package.json': project(['one', 'two']),
      ...pluginFiles('node_modules/one', { name: 'one', type: 'a', version: '1.0.0' }),
      ...pluginFiles('node_modules/two', { name: 'two', type: 'a', version: '1.3.0' }),
    });

    const installed = await discover({ folder: root });
    const manifest = installed.find('filter', 'a')!;

    expect(installed.problems.map(({ code }) => code)).toEqual(['plugin.two-packages']);
    expect(installed.problems[0]?.message).toMatch(/`one` 1\.0\.0 and `two` 1\.3\.0/);
    await expect(installed.load(manifest)).rejects.toMatchObject({ code: 'plugin.two-packages' });
  });

  it('names both sides of a contract that does not fit', async () => {
    const root = tempTree({
      'package.json': project(['new-plugin']),
      ...pluginFiles('node_modules/new-plugin', { name: 'new-plugin', type: 'a', apiVersion: 2 }),
    });

    const installed = await discover({ folder: root });

    expect(installed.problems[0]).toMatchObject({ code: 'plugin.contract' });
    expect(installed.problems[0]?.message).toMatch(/contract 2.*contract 1/);
    await expect(installed.load(installed.find('filter', 'a')!)).rejects.toMatchObject({
      code: 'plugin.contract',
    });
  });

  it.each([
    ['no kind', { apiVersion: 1, kind: 'source', type: 'a' }],
    ['no type', { apiVersion: 1, kind: 'filter' }],
    ['a type with an @', { apiVersion: 1, kind: 'filter', type: 'a@1' }],
    ['no contract', { kind: 'filter', type: 'a' }],
    ['odd aliases', { apiVersion: 1, kind: 'filter', type: 'a', aliases: 'b' }],
    ['an odd schema', { apiVersion: 1, kind: 'filter', type: 'a', schema: {} }],
    ['no object', true],
  ])('reports a manifest with %s, and goes on', async (_title, cannectors) => {
    const root = tempTree({
      'package.json': project(['bad', 'good']),
      'node_modules/bad/package.json': { name: 'bad', version: '1.0.0', cannectors },
      ...pluginFiles('node_modules/good', { name: 'good', type: 'g' }),
    });

    const installed = await discover({ folder: root });

    expect(installed.problems.map(({ code }) => code)).toEqual(['plugin.bad-manifest']);
    expect(listed(installed)).toEqual(['filter g 1.0.0 project']);
  });

  it('reports a package.json of the project that cannot be read', async () => {
    const root = tempTree({ 'package.json': '{ "dependencies": ' });

    const installed = await discover({ folder: root });

    expect(installed.problems.map(({ code }) => code)).toEqual(['plugin.bad-package']);
  });

  it('imports no code, and reads a schema only when it is asked for', async () => {
    const mark = 'cannectors-test-imported';
    const root = tempTree({
      'package.json': project(['a-plugin', 'b-plugin']),
      ...pluginFiles('node_modules/a-plugin', {
        name: 'a-plugin',
        type: 'a',
        source: `globalThis['${mark}'] = true; export default {};`,
      }),
      ...pluginFiles('node_modules/b-plugin', { name: 'b-plugin', type: 'b' }),
      'node_modules/b-plugin/schema.json': 'no JSON',
    });

    const installed = await discover({ folder: root });

    expect(installed.find('filter', 'a')?.schema()).toMatchObject({ type: 'object' });
    expect(mark in globalThis).toBe(false);
    expect(() => installed.find('filter', 'b')?.schema()).toThrow(
      expect.objectContaining({ code: 'plugin.bad-schema' }),
    );
  });
});

describe('load', () => {
  const load = async (source: string, more: object = {}): Promise<unknown> => {
    const root = tempTree({
      'package.json': project(['a-plugin']),
      ...pluginFiles('node_modules/a-plugin', { name: 'a-plugin', type: 'a', source }),
      ...more,
    });
    const installed = await discover({ folder: root });
    const manifest = installed.find('filter', 'a')!;
    expect(installed.load(manifest)).toBe(installed.load(manifest));
    return await installed.load(manifest);
  };
  const plugin = (kind: string, apiVersion = 1): string =>
    `export default { kind: '${kind}', apiVersion: ${apiVersion}, config: {}, create() {} };`;

  it('imports the default export, once', async () => {
    await expect(load(plugin('filter'))).resolves.toMatchObject({ kind: 'filter', apiVersion: 1 });
  });

  it('follows the conditions of `exports`', async () => {
    const manifest = {
      name: 'a-plugin',
      version: '1.0.0',
      type: 'module',
      exports: { '.': { types: './x.d.ts', require: './no.cjs', import: { default: './yes.js' } } },
      cannectors: { apiVersion: 1, kind: 'filter', type: 'a' },
    };

    const loaded = await load('throw new Error("not this one")', {
      'node_modules/a-plugin/package.json': manifest,
      'node_modules/a-plugin/yes.js': plugin('filter'),
    });

    expect(loaded).toMatchObject({ kind: 'filter' });
  });

  it.each([
    ['throws', 'throw new Error("no driver");', 'plugin.failed'],
    ['exports nothing', 'export const plugin = 1;', 'plugin.wrong-export'],
    ['is of another kind', plugin('output'), 'plugin.wrong-export'],
    ['is for another contract than its manifest', plugin('filter', 2), 'plugin.contract'],
  ])('refuses a module that %s', async (_title, source, code) => {
    await expect(load(source)).rejects.toMatchObject({ code });
  });
});

describe('validator', () => {
  it('is given only for packages that run from their build', async () => {
    const packed = pluginFiles('node_modules/packed', { name: 'packed', type: 'packed' });
    const sources = pluginFiles('node_modules/sources', { name: 'sources', type: 'sources' });
    const manifest = packed['node_modules/packed/package.json'] as object;
    const root = tempTree({
      'package.json': project(['packed', 'sources']),
      ...packed,
      'node_modules/packed/package.json': { ...manifest, exports: { '.': './dist/src/index.js' } },
      'node_modules/packed/dist/schema.validate.js': 'export const made = "by the build";',
      ...sources,
      'node_modules/sources/dist/schema.validate.js': 'export const made = "long ago";',
    });

    const installed = await discover({ folder: root });

    expect(installed.find('filter', 'packed')?.validator?.()).toMatchObject({
      made: 'by the build',
    });
    expect(installed.find('filter', 'sources')).not.toHaveProperty('validator');
  });
});
