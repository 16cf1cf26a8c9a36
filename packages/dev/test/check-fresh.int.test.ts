import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate, staleFiles } from '../src/check-fresh.ts';
import { configTable } from '../src/reference/config-table.ts';
import { withRegion } from '../src/reference/regions.ts';
import { put } from '../src/workspace.ts';
import { folderWith } from './workspace.ts';

const folder = 'plugins/filters/set';

/** A workspace of one plugin whose generated files are as they should be. */
async function freshWorkspace(): Promise<string> {
  const base = folderWith({
    [`${folder}/package.json`]: {
      name: '@cannectors/filter-set',
      description: 'Writes a constant.',
      cannectors: { apiVersion: 1, kind: 'filter', type: 'set', aliases: ['assign'] },
    },
    [`${folder}/src/config.ts`]: `export const config = {
      type: 'object',
      required: ['target', 'mode'],
      properties: {
        target: { type: 'string', description: 'Where to write.' },
        mode: { enum: ['once', 'always'], default: 'always', description: 'How often.' },
      },
    };`,
    [`${folder}/src/faults.ts`]:
      "/** It may not write there. */\nfunction no() { return new Fault('set.no', 'No.'); }",
    [`${folder}/README.md`]: `# set (filter)\n\nWrites a constant.\n\n## Config\n\n<!-- generated: config -->\n<!-- /generated -->\n\n## Examples\n\n<!-- generated: examples -->\n<!-- /generated -->\n`,
    [`${folder}/examples/one.yaml`]:
      'title: Mark it\nconfig: { target: a }\ngiven: [{ id: 1 }]\nthen: [{ id: 1, a: x }]\n',
  });
  const { files, problems } = await generate(base);
  expect(problems).toEqual([]);
  for (const [file, text] of files) put(path.join(base, file), text);
  return base;
}

describe('what is generated', () => {
  it('is fresh after it was written', async () => {
    const base = await freshWorkspace();

    expect(staleFiles(await generate(base), base)).toEqual([]);
  });

  it('is the schema, without what has a default among the required', async () => {
    const { files } = await generate(await freshWorkspace());

    expect(JSON.parse(files.get(`${folder}/schema.json`) ?? '')).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['target'],
    });
  });

  it('is the README with a table and the examples', async () => {
    const { files } = await generate(await freshWorkspace());
    const readme = files.get(`${folder}/README.md`);

    expect(readme).toMatch(/\| `mode` +\| `once` \\\| `always` \| `always` \| How often\. +\|/);
    expect(readme).toContain('### Mark it');
    expect(readme).toContain('filters:\n  - type: set\n    target: a\n');
    expect(readme).toContain('{"id":1,"a":"x"}');
  });

  it('is a page for the plugin, and a list of the faults', async () => {
    const { files } = await generate(await freshWorkspace());

    expect(files.get('docs/reference/filters/set.md')).toMatch(/`type: set`, also `assign`/);
    expect(files.get('docs/reference/filters/set.md')).not.toContain('generated');
    expect(files.get('docs/reference/faults.md')).toMatch(
      /## `set.no`\n\nIt may not write there\./,
    );
    expect(files.get('docs/reference/README.md')).toContain('./filters/set.md');
  });

  it.each([
    ['schema.json', '{}'],
    [
      'README.md',
      '# set\n\n<!-- generated: config -->\n<!-- /generated -->\n\n<!-- generated: examples -->\n<!-- /generated -->\n',
    ],
    ['src/faults.ts', "/** Another. */\nfunction no() { return new Fault('set.other', 'No.'); }"],
    ['examples/two.yaml', 'title: Mark it twice\nconfig: { target: b }\n'],
  ])('is stale after %s was changed by hand', async (file, text) => {
    const base = await freshWorkspace();
    writeFileSync(path.join(base, folder, file), text);

    expect(staleFiles(await generate(base), base)).not.toEqual([]);
  });

  it('is stale when a page belongs to nothing any more', async () => {
    const base = await freshWorkspace();
    writeFileSync(path.join(base, 'docs/reference/gone.md'), '# gone\n');

    expect(staleFiles(await generate(base), base)).toEqual(['docs/reference/gone.md']);
  });

  it.each([
    ['src/config.ts', /There is no src\/config.ts/],
    ['README.md', /There is no README.md/],
  ])('says that %s is missing', async (file, sentence) => {
    const base = await freshWorkspace();
    rmSync(path.join(base, folder, file));

    expect((await generate(base)).problems.join()).toMatch(sentence);
  });
});

describe('the table of a config', () => {
  const text = { type: 'string', description: 'A text.' };

  it.each<[string, Parameters<typeof configTable>[0], string]>([
    [
      'a required key',
      { properties: { a: text }, required: ['a'] },
      '| `a` | string | required | A text. |',
    ],
    [
      'a path',
      { properties: { a: { ...text, 'x-cannectors': 'path' } } },
      '| `a` | record path | – | A text. |',
    ],
    [
      'bounds',
      { properties: { a: { type: 'integer', minimum: 1, maximum: 9, default: 3 } } },
      '| `a` | integer 1–9 | `3` |  |',
    ],
    [
      'a nested key',
      { properties: { a: { type: 'object', properties: { b: text } } } },
      '| `a.b` | string | – | A text. |',
    ],
    [
      'a list of objects',
      { properties: { a: { type: 'array', items: { type: 'object', properties: { b: text } } } } },
      '| `a[].b` | string | – | A text. |',
    ],
    [
      'a map',
      { properties: { a: { type: 'object', patternProperties: { '^.*$': text } } } },
      '| `a` | map of strings | – |  |',
    ],
    [
      'steps',
      { properties: { a: { type: 'array', 'x-cannectors': 'filters' } } },
      '| `a` | list of filters | – |  |',
    ],
    [
      'a bar',
      { properties: { a: { ...text, description: 'a | b.' } } },
      '| `a` | string | – | a \\| b. |',
    ],
    [
      'a variant',
      {
        properties: {
          a: { anyOf: [{ type: 'object', properties: { type: { const: 'basic' }, b: text } }] },
        },
      },
      '| `a.b` | string | –, with `type: basic` | A text. |',
    ],
  ])('shows %s', (_, schema, row) => {
    expect(configTable(schema).split('\n')).toContain(row);
  });

  it('says when there is nothing to say', () => {
    expect(configTable({ type: 'object', properties: {} })).toBe('No keys of its own.');
  });
});

describe('a region', () => {
  it('is replaced, and what is around it stays', () => {
    const text = 'before\n<!-- generated: config -->\nold\n<!-- /generated -->\nafter\n';

    expect(withRegion(text, 'config', 'new')).toBe(
      'before\n<!-- generated: config -->\n\nnew\n\n<!-- /generated -->\nafter\n',
    );
  });

  it('has to be there', () => {
    expect(() => withRegion('nothing', 'config', 'new')).toThrow('has no region');
  });
});
