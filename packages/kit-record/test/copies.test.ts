import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { copyOf, integersOf, markIntegers, mergeDeep, parseJson } from '../src/index.ts';

describe('copyOf', () => {
  it('shares nothing with the original', () => {
    const original = { a: { b: [1, { c: 2 }] }, d: [[3]] };

    const copy = copyOf(original);
    copy.a.b.push(4);
    (copy.a.b[1] as JsonRecord)['c'] = 5;
    copy.d[0]?.push(6);

    expect(original).toEqual({ a: { b: [1, { c: 2 }] }, d: [[3]] });
  });

  it.each([null, 1, 'a', true, 1n])('gives %s back', (value) => {
    expect(copyOf(value)).toBe(value);
  });

  it('keeps the marks of a record', () => {
    const paths = new Set(['qty']);
    const record = { qty: 1 };
    markIntegers(record, paths);

    expect(integersOf(copyOf(record))).toBe(paths);
  });
});

describe('mergeDeep', () => {
  it.each<[string, JsonRecord, JsonRecord, JsonRecord]>([
    ['adds keys', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [
      'merges objects',
      { a: { b: 1, c: { d: 2 } } },
      { a: { c: { e: 3 } } },
      { a: { b: 1, c: { d: 2, e: 3 } } },
    ],
    ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    [
      'replaces values of another type',
      { a: { b: 1 }, c: 1 },
      { a: [1], c: { d: 1 } },
      { a: [1], c: { d: 1 } },
    ],
    ['takes null', { a: { b: 1 } }, { a: null }, { a: null }],
  ])('%s', (_title, target, source, merged) => {
    mergeDeep(target, source);

    expect(target).toEqual(merged);
  });

  it('shares nothing with the source', () => {
    const source = { a: { b: [1] } };
    const target: JsonRecord = {};

    mergeDeep(target, source);
    mergeDeep(target, { a: { c: 2 } });

    expect(source).toEqual({ a: { b: [1] } });
    expect(target).toEqual({ a: { b: [1], c: 2 } });
  });

  it('does not touch prototypes', () => {
    const target: JsonRecord = { a: {} };

    mergeDeep(
      target,
      parseJson(
        '{"__proto__":{"x":1},"a":{"__proto__":{"y":1},"constructor":{"prototype":{"z":1}}}}',
      ) as JsonRecord,
    );

    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
    expect(Object.keys(target)).toEqual(['a', '__proto__']);
    expect(JSON.stringify(target)).toBe(
      '{"a":{"__proto__":{"y":1},"constructor":{"prototype":{"z":1}}},"__proto__":{"x":1}}',
    );
  });
});

describe('integers', () => {
  it('are known by path and seen by nobody else', () => {
    const record: JsonRecord = { qty: 1 };

    markIntegers(record, new Set(['qty']));

    expect(integersOf(record)).toEqual(new Set(['qty']));
    expect(integersOf({ qty: 1 })).toBeUndefined();
    expect(record).toStrictEqual({ qty: 1 });
    expect(Reflect.ownKeys(record)).toEqual(['qty']);
  });

  it('add up, with one set for the same two', () => {
    const first = new Set(['a']);
    const second = new Set(['b']);
    const [one, other] = [{}, {}].map((record) => {
      markIntegers(record, first);
      markIntegers(record, second);
      markIntegers(record, first);
      return integersOf(record);
    });

    expect(one).toEqual(new Set(['a', 'b']));
    expect(other).toBe(one);
    expect(first).toEqual(new Set(['a']));
  });
});
