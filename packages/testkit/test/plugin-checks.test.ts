import { type FilterPlugin, itemOf, type JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { faultsIn } from '../src/checks/fault-entries.ts';
import { leadsSomewhere } from '../src/checks/fields.ts';
import { handlesOpenedBy } from '../src/checks/handles.ts';
import { pluginChecks, refusalProblems } from '../src/every-plugin.ts';
import { fakeContext } from '../src/index.ts';
import upper from './fixtures/upper-filter/src/index.ts';
import { type Edits, sound, spoiled } from './spoiled.ts';

const plugin = upper as FilterPlugin;

/** The same plugin with another schema, in its code. */
function withSchema(properties: JsonRecord, more: JsonRecord = {}): FilterPlugin {
  const config = { type: 'object', additionalProperties: false, ...more, properties };
  return { ...plugin, config };
}

describe('the checks of every plugin', () => {
  it.each(Object.entries(pluginChecks))('%s: finds nothing in a sound one', async (_, check) => {
    expect(await check(sound('upper-filter', plugin))).toEqual([]);
  });

  it.each<[string, Edits, RegExp]>([
    [
      'agrees',
      { 'package.json': replaced('"kind": "filter"', '"kind": "output"') },
      /`kind: output`, the code defines an? filter/,
    ],
    [
      'agrees',
      { 'package.json': replaced('"apiVersion": 1', '"apiVersion": 2') },
      /for contract 2, the code for 1/,
    ],
    [
      'agrees',
      { 'package.json': replaced('"type": "upper"', '"type": "Upper"') },
      /`Upper` is not camelCase/,
    ],
    [
      'agrees',
      { 'package.json': replaced('cannectors-filter-upper', 'upper') },
      /expected `@cannectors\/filter-upper`/,
    ],
    [
      'agrees',
      { 'package.json': replaced('"aliases": []', '"aliases": "up"') },
      /a list of older spellings/,
    ],
    ['agrees', { 'package.json': replaced('"type": "module",', '') }, /no ES module/],
    ['agrees', { 'package.json': replaced('upper case.', 'upper case') }, /not a sentence/],
    [
      'agrees',
      { 'package.json': replaced('"peerDependencies"', '"dependencies"') },
      /no peer dependency/,
    ],
    ['agrees', { 'schema.json': null }, /There is no .\/schema.json/],
    ['loaded', { 'package.json': replaced('./src/index.ts', './src/nowhere.ts') }, /nowhere/],
    [
      'loaded',
      { 'package.json': replaced('"kind": "filter"', '"kind": "sieve"') },
      /sieve|finds no/,
    ],
    [
      'fresh',
      { 'schema.json': replaced('Key of the field.', 'Key of a field.') },
      /another schema/,
    ],
    [
      'fresh',
      { 'src/config.ts': 'export const config = { type: "object" };' },
      /not what src\/config.ts makes/,
    ],
    ['fresh', { 'src/config.ts': 'export const configuration = {};' }, /exports no `config`/],
    ['README', { 'README.md': null }, /no README/],
    ['README', { 'README.md': replaced('## Limits', '## Bounds') }, /no heading Limits/],
    ['README', { 'README.md': replaced('## Limits', '## Bounds') }, /other headings: Bounds/],
    [
      'README',
      { 'README.md': swapped('## Config', '## Examples') },
      /stand as Use, Examples, Config/,
    ],
    ['README', { 'README.md': replaced('Writes a field in upper case.', '') }, /description/],
    ['README', { 'README.md': replaced('None.', '') }, /says nothing under Limits/],
    [
      'faults',
      { 'src/faults.ts': (text) => text.replaceAll(/\/\*\*.*\*\//g, '') },
      /`reserved` has no docstring/,
    ],
    [
      'faults',
      { 'src/faults.ts': replaced('upper.missing', 'MissingField') },
      /`MissingField` is not of the form/,
    ],
    [
      'faults',
      { 'src/upper.ts': (text) => `${text}\nthrow new Fault('a.b', 'x');` },
      /its place is a function in faults.ts/,
    ],
    ['an example', { 'examples/shout.yaml': null }, /There is no example/],
  ])('%s: finds what is wrong with %o', async (word, edits, sentence) => {
    const subject = spoiled('upper-filter', plugin, edits);
    const [, check] = Object.entries(pluginChecks).find(([title]) => title.includes(word))!;

    expect((await check(subject)).join('\n')).toMatch(sentence);
  });

  it.each<[string, FilterPlugin, RegExp]>([
    [
      'refuses unknown',
      withSchema({}, { additionalProperties: true }),
      /^\/: the object takes unknown keys/,
    ],
    [
      'refuses unknown',
      withSchema({ cache: { type: 'object', properties: { key: text() }, description: 'A.' } }),
      /^\/cache: the object takes unknown keys/,
    ],
    [
      'refuses unknown',
      withSchema({ target: { type: 'string' } }),
      /^\/target: the field has no description/,
    ],
    [
      'refuses unknown',
      withSchema({ target: { type: 'string', description: 'where' } }),
      /no description that is a sentence/,
    ],
    [
      'refuses unknown',
      withSchema({ target: { ...text(), 'x-cannectors': 'sql' } }),
      /`x-cannectors` is one of/,
    ],
    ['refuses unknown', withSchema({ onError: text() }), /^\/onError: the kernel owns this word/],
    [
      'refuses unknown',
      withSchema({ target: { ...text(), default: 'a' } }, { required: ['target'] }),
      /`target` has a default, so it is not required/,
    ],
    ['refuses unknown', { ...plugin, config: { type: 'string' } }, /not one of an object/],
    ['names its keys', withSchema({ url: text() }), /our word for `url` is `endpoint`/],
    ['names its keys', withSchema({ batch_size: text() }), /not camelCase/],
    ['names its keys', withSchema({ retryConfig: text() }), /says no more without its ending/],
    ['names its keys', withSchema({ timeLimitMs: text() }), /our word for `timeLimitMs`/],
    [
      'names its keys',
      withSchema({ maxAge: { type: 'integer', description: 'A.' } }),
      /a time without a unit, as in `maxAgeMs`/,
    ],
    [
      'names its keys',
      withSchema({
        cache: { type: 'object', properties: { cacheSize: text() }, additionalProperties: false },
      }),
      /^\/cache\/cacheSize: `cacheSize` repeats its parent/,
    ],
  ])('%s: finds what is wrong with a schema (%#)', async (word, bad, sentence) => {
    const subject = { ...sound('upper-filter', plugin), plugin: bad };
    const [, check] = Object.entries(pluginChecks).find(([title]) => title.includes(word))!;

    expect((await check(subject)).join('\n')).toMatch(sentence);
  });

  it('keeps the exceptions to the names', async () => {
    const credentials = { type: 'object', properties: { token: text() }, description: 'A.' };
    const authentication = { type: 'object', properties: { credentials }, description: 'A.' };
    const subject = { ...sound('upper-filter', plugin), plugin: withSchema({ authentication }) };

    expect(await pluginChecks['names its keys as the other plugins do']!(subject)).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each<[string, JsonRecord, { code: string; pointer: string }, RegExp]>([
    [
      'that does not come',
      { target: 'a' },
      { code: 'upper.reserved', pointer: '/target' },
      /The config is taken/,
    ],
    [
      'with another code',
      { target: '_errors' },
      { code: 'upper.other', pointer: '/target' },
      /upper.reserved at/,
    ],
    [
      'at another place',
      { target: '_errors' },
      { code: 'upper.reserved', pointer: '/value' },
      /at \/target/,
    ],
  ])('%s is found', async (_, config, refuses, sentence) => {
    const problems = await refusalProblems(
      sound('upper-filter', plugin),
      { config, refuses },
      fakeContext(),
    );

    expect(problems.join('\n')).toMatch(sentence);
  });

  it('by the schema counts like one by `create`', async () => {
    const refuses = { code: 'config.required', pointer: '' };

    expect(
      await refusalProblems(sound('upper-filter', plugin), { refuses }, fakeContext()),
    ).toEqual([]);
  });
});

describe('the faults of a source', () => {
  it('are read with their docstrings, also where a helper makes them', () => {
    const source = `
      /** The line is none. */
      export function badLine(): Fault { return at('file.bad-line', 'No.'); }

      /**
       * Nobody answered.
       *
       * @param url where
       */
      export function silent(url: string): Fault {
        return new Fault(
          'HTTP_SILENT', url);
      }

      function at(code: string, message: string): Fault { return new Fault(code, message); }
    `;

    expect(faultsIn(source)).toEqual([
      { code: 'file.bad-line', name: 'badLine', docstring: 'The line is none.' },
      { code: 'HTTP_SILENT', name: 'silent', docstring: 'Nobody answered.\n\n@param url where' },
    ]);
  });
});

describe('pointers', () => {
  const schema = {
    type: 'object',
    properties: {
      mappings: { type: 'array', items: { type: 'object', properties: { target: text() } } },
      headers: { type: 'object', patternProperties: { '^.*$': text() } },
      then: { type: 'array', 'x-cannectors': 'filters', items: { type: 'object' } },
      value: { description: 'Any value.' },
    },
  };

  it.each([
    ['/mappings', true],
    ['/mappings/2/target', true],
    ['/mappings/2/source', false],
    ['/headers/X-Api-Key', true],
    ['/then/0/target', true],
    ['/value/deep/inside', true],
    ['/mapping', false],
  ])('%s leads somewhere: %s', (pointer, leads) => {
    expect(leadsSomewhere(schema, pointer)).toBe(leads);
  });
});

describe('handles', () => {
  it('are seen when a function leaves them open', () => {
    let timer: ReturnType<typeof setTimeout> | undefined;

    const opened = handlesOpenedBy(() => {
      timer = setTimeout(() => undefined, 60_000);
    });
    clearTimeout(timer);

    expect(opened).toEqual(['Timeout']);
  });

  it('are none of a plain object', () => {
    expect(handlesOpenedBy(() => itemOf({ id: 1 }))).toEqual([]);
  });
});

function text(): JsonRecord {
  return { type: 'string', description: 'A text.' };
}

function replaced(from: string, to: string): (text: string) => string {
  return (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };
}

function swapped(one: string, other: string): (text: string) => string {
  return (text) => text.replace(one, '@').replace(other, one).replace('@', other);
}
