import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, parse, resolve, unreadable } from '../src/index.ts';
import { plugins } from './plugins.ts';

describe('what a text turns out to be', () => {
  it.each([
    ['pipeline.json', '{"a": 1}', 'json'],
    ['pipeline.JSON', '{"a": 1}', 'json'],
    ['pipeline.yaml', '{"a": 1}', 'yaml'],
    ['pipeline.yml', 'a: 1', 'yaml'],
    ['PIPELINE.YML', 'a: 1', 'yaml'],
    ['pipeline', '  {"a": 1}', 'json'],
    ['pipeline.conf', 'a: 1', 'yaml'],
    ['pipeline.json', '\uFEFF{"a": 1}', 'json'],
    ['pipeline.yaml', '\uFEFFa: 1', 'yaml'],
  ])('%s with %j is %s', async (file, text, format) => {
    const parsed = await parse(text, file);

    expect(parsed).toMatchObject({ format, document: { a: 1 }, problems: [] });
  });

  it.each([
    ['pipeline.yaml', '', 'parse.empty', 'empty content'],
    ['pipeline.json', ' \n ', 'parse.empty', 'empty content'],
    ['pipeline', '', 'parse.empty', 'empty content'],
    ['pipeline', '# nothing', 'parse.unknown-format', 'unable to detect configuration format'],
    ['pipeline', 'null', 'parse.unknown-format', 'unable to detect configuration format'],
    ['pipeline.json', '[1]', 'parse.format', 'expected an object, got array'],
    ['pipeline', '[1]', 'parse.format', 'expected an object, got array'],
    ['pipeline.yaml', '- 1', 'parse.format', 'expected an object, got array'],
    ['pipeline.yaml', 'hello', 'parse.format', 'expected an object, got string'],
    ['pipeline.json', '1', 'parse.format', 'expected an object, got number'],
  ])('refuses %s with %j: %s', async (file, text, code, message) => {
    const { problems, document } = await parse(text, file);

    expect(problems).toMatchObject([{ code, pointer: '' }]);
    expect(problems[0]?.message).toContain(message);
    expect(document).toBeUndefined();
    expect(exitCodeOf(problems)).toBe(2);
  });

  it.each(['null', '# only a comment', '{}', '~'])(
    '%j is a document without content',
    async (text) => {
      const { problems } = await resolve(await parse(text, 'a.yaml'), plugins(), undefined);

      expect(problems).toMatchObject([{ code: 'config.shape', pointer: '', line: 1, column: 1 }]);
      expect(exitCodeOf(problems)).toBe(1);
    },
  );

  it('uses the first of several documents', async () => {
    const parsed = await parse('a: 1\n---\nb: 2\n', 'a.yaml');

    expect(parsed.document).toEqual({ a: 1 });
    expect(parsed.warnings).toMatchObject([{ code: 'parse.several-documents', line: 2 }]);
  });
});

describe('values', () => {
  it.each([
    ['yes', 'yes'],
    ['no', 'no'],
    ['on', 'on'],
    ['off', 'off'],
    ['True', true],
    ['FALSE', false],
    ['0o755', 493],
    ['010', 10],
    ['0x1F', 31],
    ['1e3', 1000],
    ['-12', -12],
    ['~', null],
    ['2026-01-02', '2026-01-02'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['9007199254740991', 9_007_199_254_740_991],
    ['!!str 12', '12'],
  ])('reads %s as YAML 1.2 does', async (text, value) => {
    expect((await parse(`a: ${text}`, 'a.yaml')).document).toEqual({ a: value });
    expect((await parse(`%YAML 1.1\n---\na: ${text}`, 'a.yaml')).document).toEqual({ a: value });
  });

  it('keeps the digits of whole numbers in JSON', async () => {
    const { document } = await parse('{"a": 12345678901234567890, "b": 1.5, "c": -0}', 'a.json');

    expect(document).toEqual({ a: 12_345_678_901_234_567_890n, b: 1.5, c: -0 });
  });

  it('follows anchors and merge keys, what is written winning', async () => {
    const text = `
base: &base { a: 1, b: 2 }
other: &other { b: 3, c: 4 }
one: { <<: *base, b: 9 }
two:
  <<: [*base, *other]
three: *base
`;

    const { document } = await parse(text, 'a.yaml');

    expect(document).toMatchObject({
      one: { a: 1, b: 9 },
      two: { a: 1, b: 2, c: 4 },
      three: { a: 1, b: 2 },
    });
  });

  it('takes the anchor that was given last', async () => {
    const { document } = await parse('a: &x 1\nb: *x\nc: &x 2\nd: *x\n', 'a.yaml');

    expect(document).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('gives two aliases two objects', async () => {
    const parsed = await parse('a: &x { b: 1 }\nc: *x\n', 'a.yaml');
    const { a, c } = parsed.document as Record<string, unknown>;

    expect(a).toEqual(c);
    expect(a).not.toBe(c);
  });

  it.each(['a.yaml', 'a.json'])('keeps odd keys harmless in %s', async (file) => {
    const text = '{"__proto__": {"polluted": true}, "constructor": 1, "prototype": 2}';

    const { document } = await parse(text, file);

    expect(Object.keys(document as object)).toEqual(['__proto__', 'constructor', 'prototype']);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('syntax errors', () => {
  it.each([
    ['a: 1\na: 2\n', 'parse.duplicate-key', 2, 1],
    ['a:\n  b: 1\n  c: 2\n  b: 3\n', 'parse.duplicate-key', 4, 3],
    ['a: [1, 2\nb: 3', 'parse.yaml', 2, 1],
    ['a: "x', 'parse.yaml', 1, 6],
    ['a: *nowhere', 'parse.yaml', 1, 4],
    ['a: .inf', 'parse.number', 1, 4],
    ['a: .nan', 'parse.number', 1, 4],
    ['a: 1e999', 'parse.number', 1, 4],
    ['? [a, b]\n: 1', 'parse.yaml', 1, 3],
    ['a: { <<: 1 }', 'parse.yaml', 1, 6],
  ])('YAML %j: %s at %i:%i', async (text, code, line, column) => {
    expect((await parse(text, 'a.yaml')).problems).toMatchObject([{ code, line, column }]);
  });

  it.each([
    ['{"a": 1, "a": 2}', 'parse.duplicate-key', 1, 10, 'the key "a" is given twice'],
    ['{\n  "a": 1,\n}', 'parse.json', 3, 1, 'unexpected character "}" (offset 12)'],
    ['{"a" 1}', 'parse.json', 1, 6, 'unexpected character "1" (offset 5)'],
    ['{"a": 01}', 'parse.json', 1, 8, 'unexpected character "1" (offset 7)'],
    ['{"a": 1', 'parse.json', 1, 8, 'the text ends too early (offset 7)'],
    ['{"a": "x', 'parse.json', 1, 9, 'the text ends too early (offset 8)'],
    ['{"a": "x\\', 'parse.json', 1, 10, 'the text ends too early (offset 9)'],
    ['{"a": "\\x"}', 'parse.json', 1, 7, 'unknown escape (offset 6)'],
    ['{"a": "\t"}', 'parse.json', 1, 7, 'control character'],
    ['{a: 1}', 'parse.json', 1, 2, 'unexpected character "a" (offset 1)'],
    ['{"a": nul}', 'parse.json', 1, 7, 'unexpected character "n" (offset 6)'],
    ['{"a": 1} x', 'parse.json', 1, 10, 'unexpected character "x" (offset 9)'],
    ['{"a": 1e999}', 'parse.number', 1, 7, 'beyond'],
  ])('JSON %j: %s at %i:%i', async (text, code, line, column, message) => {
    const { problems } = await parse(text, 'a.json');

    expect(problems).toMatchObject([{ code, line, column }]);
    expect(problems[0]?.message).toContain(message);
  });

  it('lists several', async () => {
    const { problems } = await parse('a: 1\na: 2\nb: *x\nc: .inf\n', 'a.yaml');

    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4]);
  });
});

describe('bombs', () => {
  const laughs = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`),
  ].join('\n');

  it.each([
    ['a billion laughs', laughs, 'parse.aliases'],
    ['an anchor in itself', 'a: &a [*a]', 'parse.aliases'],
    [
      'a long list many times',
      `a: &a [${'1,'.repeat(5000)}]\nb: [${'*a,'.repeat(50)}]`,
      'parse.aliases',
    ],
    ['lists in lists', '['.repeat(5000), 'parse.too-deep'],
    ['lists in lists, closed', `a: ${'['.repeat(600)}${']'.repeat(600)}`, 'parse.too-deep'],
    ['block lists in block lists', '- '.repeat(5000), 'parse.too-deep'],
  ])('%s', async (_, text, code) => {
    expect((await parse(text, 'a.yaml')).problems).toMatchObject([{ code }]);
  });

  it('JSON in JSON', async () => {
    const { problems } = await parse('{"a":'.repeat(100_000), 'a.json');

    expect(problems).toMatchObject([{ code: 'parse.too-deep' }]);
  });

  it('takes a hundred aliases', async () => {
    const { problems } = await parse(`a: &a 1\nb: [${'*a,'.repeat(100)}]`, 'a.yaml');

    expect(problems).toEqual([]);
  });
});

it('gives a host the words for a file that it cannot read', () => {
  const problem = unreadable('no such file');

  expect(problem).toEqual({
    code: 'parse.io',
    pointer: '',
    message: 'failed to read file: no such file',
  });
  expect(exitCodeOf([problem])).toBe(2);
});

it('refuses a file of more than 2 MiB', async () => {
  const { problems } = await parse(`a: "${'x'.repeat(2 ** 21)}"`, 'a.yaml');

  expect(problems).toMatchObject([{ code: 'parse.too-large' }]);
});

describe('positions', () => {
  const yaml = `name: orders
input:
  type: file
  path: in.json
filters:
  - type: set
    target: a
    value: { deep: [1, 2] }
  - { type: drop }
`;

  it.each([
    ['', 1, 1],
    ['/name', 1, 7],
    ['/input', 2, 1],
    ['/input/path', 4, 9],
    ['/filters', 5, 1],
    ['/filters/0', 6, 5],
    ['/filters/0/value', 8, 12],
    ['/filters/0/value/deep/1', 8, 24],
    ['/filters/1', 9, 5],
    ['/filters/1/type', 9, 13],
    ['/filters/7', 5, 1],
    ['/filters/0/missing/deeper', 6, 5],
    ['/nowhere', 1, 1],
  ])('finds %j in YAML at %i:%i', async (pointer, line, column) => {
    expect((await parse(yaml, 'a.yaml')).at(pointer)).toEqual({ line, column });
  });

  it('finds keys, and escaped ones', async () => {
    const parsed = await parse('{"a/b": {\n  "c~d": 1}}', 'a.json');

    expect(parsed.at('/a~1b/c~0d')).toEqual({ line: 2, column: 10 });
    expect(parsed.at('/a~1b/c~0d', 'key')).toEqual({ line: 2, column: 3 });
    expect(parsed.at('/a~1b/missing', 'key')).toEqual({ line: 1, column: 9 });
  });

  it('finds what an alias brought in where it is written', async () => {
    const parsed = await parse('base: &b { x: 1 }\nuse:\n  <<: *b\n', 'a.yaml');

    expect(parsed.at('/use/x')).toEqual({ line: 1, column: 15 });
  });

  it('counts lines that end as on Windows', async () => {
    const parsed = await parse('a: 1\r\nb:\r\n  c: 2\r\n', 'a.yaml');

    expect(parsed.at('/b/c')).toEqual({ line: 3, column: 6 });
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...`{ } [ ] : , - &a *a <<: " ' | > # !!x input spec type: file \${X} --- ? null 1e999 "__proto__"`
      .split(' ')
      .flatMap((piece) => [piece, `${piece} `, `${piece}\n  `]),
    '%YAML 1.1\n',
    'connector:\n  ',
    '\t',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.json(),
  );

  it('is answered, never thrown at', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('a.yaml', 'a.json', 'a'), async (text, file) => {
        const parsed = await parse(text, file);
        const { pipeline, problems } = await resolve(parsed, plugins(), {});

        expect(pipeline === undefined).toBe(problems.length > 0);
        expect(exitCodeOf(problems)).toBe(
          parsed.problems.length > 0 ? 2 : problems.length > 0 ? 1 : 0,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('of JSON is read like JSON.parse reads it', async () => {
    const plain = fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(plain, async (value) => {
        const text = JSON.stringify(value, null, 1);

        const reading = JSON.stringify((await parse(text, 'a.json')).document, (_, each: unknown) =>
          typeof each === 'bigint' ? Number(each) : each,
        );

        expect(reading).toEqual(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });
});
