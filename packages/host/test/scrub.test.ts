import type { Catalog, SchemaObject } from '@cannectors/config';
import { Fault, isFault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { logTo } from '../src/log.ts';
import { scrub } from '../src/scrub.ts';
import { secretsOf } from '../src/secrets.ts';
import { filterModule, inputModule, outputModule, pipeline } from './pipelines.ts';

describe('scrub', () => {
  it.each([
    ['the key s3cret-key is wrong', 'the key *** is wrong'],
    ['s3cret-key and s3cret-key', '*** and ***'],
    [
      'GET https://jane:pass@api.example.com/a/b?token=x#y failed',
      'GET https://api.example.com/a/b failed',
    ],
    ['postgres://u:p@db:5432/shop?sslmode=off', 'postgres://db:5432/shop'],
    ['see "https://x.example.com?a=1", or not', 'see "https://x.example.com", or not'],
    ['?key=p%40ss%20word&x', '?key=***&x'],
    ['{"key":"say \\"hi\\""}', '{"key":"***"}'],
    ['ab is short', 'ab is short'],
    ['nothing to hide: a@b.example.com', 'nothing to hide: a@b.example.com'],
  ])('%s', (text, expected) => {
    const known = ['s3cret-key', 'p@ss word', 'say "hi"', 'ab'];

    expect(scrub(known).text(text)).toBe(expected);
  });

  it('hides the longer of two secrets first', () => {
    expect(scrub(['abcd', 'abcdefgh']).text('abcdefgh')).toBe('***');
  });

  it('cleans what a fault says, and why', () => {
    const fault = new Fault('http.down', 'No answer from https://u:p@x.example.com/?q=1.', {
      category: 'network',
      hint: 'Check s3cret-key.',
      pointer: '/endpoint',
      retry: 500,
      statusCode: 503,
      details: { url: 'https://x.example.com/?q=1', list: ['s3cret-key'] },
      cause: new Error('outer', { cause: new Error('s3cret-key') }),
    });

    const clean = scrub(['s3cret-key']).fault(fault);

    expect(isFault(clean)).toBe(true);
    expect(clean).toMatchObject({
      code: 'http.down',
      message: 'No answer from https://x.example.com/.',
      category: 'network',
      hint: 'Check ***.',
      pointer: '/endpoint',
      retry: 500,
      statusCode: 503,
      details: { url: 'https://x.example.com/', list: ['***'] },
    });
    expect((clean.cause as Error).message).toBe('outer: ***');
  });

  it('cleans every field of a log line', () => {
    const lines: unknown[] = [];
    const log = logTo((entry) => lines.push(entry.fields), 'info', scrub(['s3cret-key']), {});

    log.info('x', {
      a: 's3cret-key',
      b: { c: ['https://u:p@x.example.com'] },
      n: 1,
      none: undefined,
    });
    log.debug('y', { a: 1 });

    expect(lines).toEqual([
      { a: '***', b: { c: ['https://x.example.com'] }, n: 1, none: undefined },
    ]);
  });
});

describe('secretsOf', () => {
  const secret = { type: 'string', 'x-cannectors': 'secret' };
  const catalogOf = (schema: SchemaObject): Catalog => ({
    find: () => ({
      kind: 'input',
      type: 'any',
      aliases: [],
      package: 'any',
      version: '1.0.0',
      apiVersion: 1,
      description: '',
      from: 'project',
      schema: () => schema,
    }),
    list: () => [],
  });

  it.each<[string, SchemaObject, object, string[]]>([
    ['a property', { properties: { token: secret } }, { token: 'one', other: 'two' }, ['one']],
    [
      'a property of a property',
      { properties: { a: { properties: { b: secret } } } },
      { a: { b: 'one' } },
      ['one'],
    ],
    ['an element', { properties: { a: { items: secret } } }, { a: ['one', 'two'] }, ['one', 'two']],
    [
      'any key',
      { properties: { a: { additionalProperties: secret } } },
      { a: { x: 'one' } },
      ['one'],
    ],
    [
      'an object as a whole',
      { properties: { a: { 'x-cannectors': 'secret' } } },
      { a: { x: 'one', y: ['two'] } },
      ['one', 'two'],
    ],
    [
      'an alternative',
      { properties: { a: { anyOf: [{ properties: { x: {} } }, { properties: { y: secret } }] } } },
      { a: { x: 'no', y: 'one' } },
      ['one'],
    ],
    ['a part', { allOf: [{ properties: { a: secret } }] }, { a: 'one' }, ['one']],
    [
      'a reference',
      { properties: { a: { $ref: '#/$defs/key' } }, $defs: { key: secret } },
      { a: 'one' },
      ['one'],
    ],
    [
      'a nested step',
      { properties: { steps: { 'x-cannectors': 'filters' }, token: secret } },
      { steps: [{ type: 'any', token: 'one' }] },
      ['one'],
    ],
    [
      'user info of a URL, marked or not',
      {},
      { url: 'https://jane:p%40ss@x.example.com/a' },
      ['jane', 'p@ss'],
    ],
    ['a schema that goes round', { $ref: '#' }, { a: 'x' }, []],
  ])('finds %s', (_title, schema, config, expected) => {
    const one = pipeline({ input: inputModule('any', { config: config as never }) });

    expect([...secretsOf(one, catalogOf(schema))]).toEqual(expected);
  });

  it('finds them in every module', () => {
    const of = (token: string) => ({ config: { token } });
    const one = pipeline({
      input: inputModule('any', of('1')),
      filters: [filterModule('any', 0, of('2'))],
      outputs: [outputModule('any', of('3'))],
      deadLetter: {
        target: { type: 'output', output: outputModule('any', of('4')), onFailure: 'block' },
      } as never,
    });

    expect([...secretsOf(one, catalogOf({ properties: { token: secret } }))]).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });
});
