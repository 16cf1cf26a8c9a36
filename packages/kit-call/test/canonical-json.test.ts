import type { Json } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/index.ts';

describe('canonicalJson', () => {
  it.each<[Json, string]>([
    [
      { b: 1, a: { d: [1, { f: 2, e: null }], c: 'x' } },
      '{"a":{"c":"x","d":[1,{"e":null,"f":2}]},"b":1}',
    ],
    [[], '[]'],
    [{}, '{}'],
    [null, 'null'],
    ['"\n', '"\\"\\n"'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [{ 10: 'x', 9: 'y' }, '{"10":"x","9":"y"}'],
    [JSON.parse('{"__proto__":{"a":1}}') as Json, '{"__proto__":{"a":1}}'],
  ])('of %o', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('tells values apart that only look alike', () => {
    const texts = [{ a: '1' }, { a: 1 }, { a: [1] }, { 'a":1,"b': 1 }, { a: 1, b: 1 }].map(
      canonicalJson,
    );

    expect(new Set(texts).size).toBe(texts.length);
  });
});
