import type { Manifest, SchemaObject } from '@cannectors/config';
import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { usedModules } from '../src/plugins/used-modules.ts';
import { secretsOf } from '../src/secrets.ts';
import { filterModule, inputModule, outputModule, pipeline } from './pipelines.ts';

const secret = { type: 'string', 'x-cannectors': 'secret' };

/** Plugins that all have one schema. */
function everywhere(schema: SchemaObject) {
  const manifest: Manifest = {
    kind: 'input',
    type: 'any',
    aliases: [],
    package: 'any',
    version: '1.0.0',
    apiVersion: 1,
    description: '',
    from: 'project',
    schema: () => schema,
  };
  return { find: () => manifest, list: () => [] };
}

describe('secretsOf', () => {
  it.each<[string, SchemaObject, JsonRecord, string[]]>([
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
      'each alternative',
      {
        properties: {
          a: { anyOf: [{ properties: { x: {} } }, { properties: { y: secret } }] },
        },
      },
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
      'a step of a list',
      { properties: { steps: { 'x-cannectors': 'filters' }, token: secret } },
      { steps: [{ type: 'any', enabled: true, token: 'one' }] },
      ['one'],
    ],
    [
      'user info of a URL, marked or not',
      {},
      { url: 'https://jane:p%40ss@x.example.com/a' },
      ['jane', 'p@ss'],
    ],
    [
      'the password of a database, and not its user',
      {},
      { address: 'postgres://postgres:p%40ss@db/postgres', other: 'mysql://root@db/shop' },
      ['p@ss'],
    ],
    [
      'the password before a host',
      {},
      {
        tcp: 'app:s3:c@ret@tcp(db:3306)/shop',
        unix: 'app:other@unix(/run/db.sock)/shop',
        host: 'app:third@db:3306/shop',
      },
      ['s3:c@ret', 'other', 'third'],
    ],
    [
      'the password among the words of an address',
      {},
      {
        plain: 'host=db password=one user=app',
        quoted: String.raw`host=db password = 'two \'2\'' user=app`,
        query: 'postgres://db/shop?user=app&password=thr%20ee&sslmode=disable',
      },
      ['one', "two '2'", 'thr%20ee', 'thr ee'],
    ],
    [
      'no password where there is none',
      {},
      {
        address: 'root@tcp(db:3306)/shop',
        empty: 'mysql://db/shop?password=&user=a',
        path: 'reset-password?id=1',
        statement: 'UPDATE users SET password = NULL WHERE id = $1',
        expression: "record.password == 'none'",
      },
      [],
    ],
    ['an end where a schema goes round', { $ref: '#' }, { a: 'x' }, []],
    ['nothing in a key of Object', { properties: {} }, { constructor: 'x' }, []],
  ])('finds %s', (_title, schema, config, expected) => {
    const one = pipeline({ input: inputModule('any', { config }), outputs: [] });

    expect([...secretsOf(usedModules(one, everywhere(schema)))]).toEqual(expected);
  });

  it('finds them in every module that is used', () => {
    const of = (token: string, enabled = true) => ({ config: { token }, enabled });
    const one = pipeline({
      input: inputModule('any', of('1')),
      filters: [filterModule('any', 0, of('2')), filterModule('any', 1, of('unused', false))],
      outputs: [outputModule('any', of('3'))],
      deadLetter: {
        target: { type: 'output', output: outputModule('any', of('4')), onFailure: 'block' },
      } as never,
    });
    const modules = usedModules(one, everywhere({ properties: { token: secret } }));

    expect([...secretsOf(modules)]).toEqual(['1', '2', '3', '4']);
  });
});
