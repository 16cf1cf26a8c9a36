import type { Json, JsonRecord } from '@cannectors/core';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyOf, jsonText, mergeDeep, parseJson, recordPath, setKey } from '../src/index.ts';

const key = fc.constantFrom('a', 'b', 'c', 'toString', 'valueOf');
const dataKey = fc.oneof(key, fc.constantFrom('__proto__', 'constructor', 'prototype'));
const segment = fc
  .tuple(key, fc.option(fc.nat(3)))
  .map(([k, i]) => (i === null ? k : `${k}[${i}]`));
const source = fc.array(segment, { minLength: 1, maxLength: 4 }).map((list) => list.join('.'));

const { record, value } = fc.letrec<{ value: Json; record: JsonRecord; list: Json[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1.5, '', 'text', 9_007_199_254_740_993n),
    tie('record'),
    tie('list'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.array(fc.tuple(dataKey, tie('value')), { maxLength: 4 }).map((entries) => {
    const made: JsonRecord = {};
    for (const [name, inner] of entries) setKey(made, name, inner);
    return made;
  }),
}));

/** Reads a path the slow and obvious way. */
function look(from: JsonRecord, path: string): Json | undefined {
  const steps = path.split(/[.[]/).map((step) => step.replace(']', ''));
  return steps.reduce<Json | undefined>((found, step) => {
    const isIndex = /^\d$/.test(step);
    if (typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found) !== isIndex) return undefined;
    return Object.entries(found).find(([name]) => name === step)?.[1];
  }, from);
}

const check = <Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>): void => {
  const before = Reflect.ownKeys(Object.prototype).length;
  fc.assert(property, { numRuns: 500 });
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
};

it('finds what a plain walk finds', () => {
  check(
    fc.property(record, source, (given, path) => {
      expect(recordPath(path, '').get(given)).toBe(look(given, path));
    }),
  );
});

it('finds what was written, and other roots as they were', () => {
  check(
    fc.property(record, source, value, (given, path, written) => {
      const [root] = path.split(/[.[]/);
      const others = (): string =>
        jsonText(Object.entries(given).filter(([name]) => name !== root));
      const before = others();
      recordPath(path, '').set(given, written);

      expect(recordPath(path, '').get(given)).toBe(written);
      expect(others()).toBe(before);
    }),
  );
});

it('finds no key that was removed', () => {
  const keys = fc.array(key, { minLength: 1, maxLength: 4 }).map((list) => list.join('.'));
  check(
    fc.property(record, keys, (given, path) => {
      recordPath(path, '').delete(given);

      expect(recordPath(path, '').get(given)).toBeUndefined();
    }),
  );
});

it('removes an element of a list and moves the rest up', () => {
  check(
    fc.property(fc.array(value, { maxLength: 5 }), fc.nat(6), (list, index) => {
      const given = { a: [...list] };
      recordPath(`a[${index}]`, '').delete(given);

      expect(given.a).toEqual(list.toSpliced(index, 1));
    }),
  );
});

it('copies and merges without touching a prototype', () => {
  check(
    fc.property(record, record, (target, other) => {
      const text = jsonText(other);
      const merged = copyOf(target);
      mergeDeep(merged, other);

      expect(jsonText(copyOf(other))).toBe(text);
      expect(jsonText(other)).toBe(text);
      expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
      expect(new Set(Object.keys(merged))).toEqual(
        new Set([...Object.keys(target), ...Object.keys(other)]),
      );
    }),
  );
});

it('writes what it read', () => {
  check(
    fc.property(value, (given) => {
      const text = jsonText(given);

      expect(jsonText(parseJson(text))).toBe(text);
    }),
  );
  check(
    fc.property(fc.bigInt({ min: -(2n ** 128n), max: 2n ** 128n }), (number) => {
      expect(jsonText(parseJson(`{"n":[${number}]}`))).toBe(`{"n":[${number}]}`);
    }),
  );
});

it('writes back any JSON text that was written without blanks', () => {
  const texts = fc.jsonValue({ maxDepth: 5 }).map((given) => JSON.stringify(given));
  check(
    fc.property(texts, (text) => {
      expect(jsonText(parseJson(text))).toBe(text);
    }),
  );
});
