import { describe, expect, it } from 'vitest';
import { problemsIn, roomOf } from '../src/check-rules.ts';
import { linesOfCode } from '../src/rules/budgets.ts';
import { importsIn } from '../src/rules/imports.ts';
import { folderWith, pluginFiles } from './workspace.ts';

const core = {
  'packages/core/package.json': { name: '@cannectors/core' },
  'packages/core/src/index.ts': 'export const one = 1;\n',
};
const setPlugin = pluginFiles('plugins/filters/set');

describe('the law', () => {
  it('lets a workspace pass that keeps it', () => {
    const base = folderWith({ ...core, ...setPlugin });

    expect(problemsIn(base)).toEqual([]);
  });

  it.each([
    ['plugins/filters/set', 'plugin'],
    ['packages/kit-http', 'kit'],
    ['packages/host', 'host'],
  ])('knows the room of %s', (folder, room) => {
    expect(roomOf(folder)).toBe(room);
  });

  it.each([
    [
      'a plugin that depends on a plugin',
      { dependencies: { '@cannectors/output-console': 'workspace:^' } },
      'plugins/filters/set: a plugin may not depend on @cannectors/output-console',
    ],
    [
      'a plugin that is developed with a plugin',
      { devDependencies: { '@cannectors/filter-drop': 'workspace:^', typebox: 'catalog:' } },
      'plugins/filters/set: a plugin may not be developed with @cannectors/filter-drop',
    ],
    [
      'a plugin that depends on the engine',
      { dependencies: { '@cannectors/host': 'workspace:^' } },
      'plugins/filters/set: a plugin may not depend on @cannectors/host',
    ],
    [
      'a plugin with a core of its own',
      { dependencies: { '@cannectors/core': 'workspace:^' } },
      'plugins/filters/set: a plugin has @cannectors/core as a peer dependency, never as its own',
    ],
    [
      'a plugin in the wrong folder',
      { cannectors: { apiVersion: 1, kind: 'output', type: 'set' } },
      'plugins/filters/set: its manifest says `kind: output`, its folder `filters`',
    ],
    [
      'a plugin whose type is not its folder',
      { cannectors: { apiVersion: 1, kind: 'filter', type: 'setValue' } },
      'plugins/filters/set: the folder of `type: setValue` is set-value',
    ],
    [
      'a plugin with another name',
      { name: '@cannectors/set' },
      'plugins/filters/set: the package is named @cannectors/set; expected @cannectors/filter-set',
    ],
  ])('finds %s', (_title, manifest, sentence) => {
    const base = folderWith({ ...core, ...pluginFiles('plugins/filters/set', manifest) });

    expect(problemsIn(base)).toContain(sentence);
  });

  it('finds a kit with one dependent, and an unknown room', () => {
    const base = folderWith({
      'packages/kit-mail/package.json': { name: '@cannectors/kit-mail' },
      'packages/attic/package.json': { name: '@cannectors/attic' },
    });

    expect(problemsIn(base)).toEqual([
      'packages/attic: the law knows no room `attic`; give it a line in check-rules.ts',
      'packages/kit-mail: a kit is born on the second use; it has 0 dependents',
    ]);
  });

  it('finds kits that stand on each other in a circle', () => {
    const base = folderWith({
      'packages/kit-record/package.json': {
        name: '@cannectors/kit-record',
        dependencies: { '@cannectors/kit-template': 'workspace:^' },
      },
      'packages/kit-template/package.json': {
        name: '@cannectors/kit-template',
        dependencies: { '@cannectors/kit-record': 'workspace:^' },
      },
    });

    expect(problemsIn(base)).toEqual([
      '@cannectors/kit-record → @cannectors/kit-template → @cannectors/kit-record: packages depend on each other in a circle',
    ]);
  });

  it.each([
    ['core/src/index.ts', "import 'node:fs';", 'the contract may not use node:fs'],
    [
      'core/src/index.ts',
      "import { start } from './run.ts';",
      'the contract may not import the executor',
    ],
    ['core/src/run/start.ts', "import 'node:fs';", 'the executor may not use node:fs'],
    [
      'core/src/index.ts',
      "import { Type } from 'typebox';",
      'imports typebox, which its package.json does not list to run with',
    ],
    [
      'config/src/index.ts',
      "import { readFileSync } from 'node:fs';",
      'config is given texts, so it may not use node:fs',
    ],
    [
      'cli/src/index.ts',
      "import { start } from '@cannectors/core/run';",
      'a cli may not import the executor, @cannectors/core/run',
    ],
    [
      'cli/src/index.ts',
      "import { host } from '@cannectors/host';",
      'imports @cannectors/host, which its package.json does not list to run with',
    ],
    ['cli/src/index.ts', "import x from '@cannectors/dev';", 'nobody may import @cannectors/dev'],
    [
      'cli/src/index.ts',
      "import x from '../../host/src/index.ts';",
      'imports a file of another package by its path',
    ],
    [
      'kit-record/src/index.ts',
      "import { config } from './config.ts';",
      'imports a value of ./config.ts, and TypeBox with it; import its type',
    ],
    [
      'kit-record/src/index.ts',
      'const x = await import(name);',
      'imports what it does not name; only the loader does that',
    ],
    [
      'kit-record/src/index.ts',
      "throw new Fault('a.b', 'x');",
      'a fault is made here; its place is a function in faults.ts',
    ],
    ['kit-record/src/utils.ts', '', 'a name that fits everything says nothing'],
    ['kit-record/src/recordPath.ts', '', 'a file is named in kebab-case'],
  ])('finds in %s: %s', (file, source, sentence) => {
    const [name = ''] = file.split('/');
    const base = folderWith({
      [`packages/${name}/package.json`]: {
        name: `@cannectors/${name}`,
        ...(name === 'cli' && { dependencies: { '@cannectors/core': 'workspace:^' } }),
      },
      [`packages/${file}`]: `${source}\n`,
    });

    expect(problemsIn(base)).toContain(`packages/${file}: ${sentence}`);
  });

  it('lets the command line import the server lazily, and the types of the executor', () => {
    const base = folderWith({
      'packages/cli/package.json': {
        name: '@cannectors/cli',
        dependencies: { '@cannectors/core': 'workspace:^' },
      },
      'packages/cli/src/index.ts':
        "import type { RunResult } from '@cannectors/core/run';\nconst server = await import('@cannectors/server');\n",
    });

    expect(problemsIn(base)).toEqual([]);
  });

  it('holds the budget of the contract and of the executor', () => {
    const base = folderWith({
      'packages/core/package.json': { name: '@cannectors/core' },
      'packages/core/src/one.ts': 'a;\n'.repeat(200),
      'packages/core/src/two.ts': `/** why */\n${'b;\n'.repeat(101)}`,
      'packages/core/src/run/three.ts': 'c;\n'.repeat(299),
    });

    expect(problemsIn(base)).toEqual([
      'packages/core: the contract has 301 lines of code; its budget is 300',
    ]);
  });

  it('holds the length of a file', () => {
    const base = folderWith({
      'packages/kit-record/package.json': { name: '@cannectors/kit-record' },
      'packages/kit-record/src/long.ts': 'a;\n'.repeat(301),
    });

    expect(problemsIn(base)).toEqual([
      'packages/kit-record/src/long.ts: 301 lines; a file has at most 300',
    ]);
  });

  it('finds a stray folder at the top', () => {
    const base = folderWith({ 'scripts/build.sh': '' });

    expect(problemsIn(base)).toEqual(['scripts/: a folder at the top that the law does not know']);
  });
});

describe('what is read of a source', () => {
  it('sees imports of every kind, and none in a comment', () => {
    const source = [
      "import a from 'a';",
      "import type { B } from 'b';",
      "export {\n  c,\n} from './c.ts';",
      "import 'd';",
      "// import e from 'e';",
      "/* import f from 'f'; */",
      "const g = await import('g');",
    ].join('\n');

    expect(importsIn(source).map(({ specifier }) => specifier)).toEqual([
      'a',
      'b',
      './c.ts',
      'd',
      'g',
    ]);
    expect(importsIn(source)[1]).toMatchObject({ isType: true });
  });

  it('counts lines of code without blanks and comments', () => {
    const source = '/**\n * why\n */\nconst a = 1; // one\n\n// more\nconst b = 2;\n';

    expect(linesOfCode(source)).toBe(2);
  });
});
