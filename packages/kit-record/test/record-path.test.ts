import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { recordPath, targetPath } from '../src/index.ts';

const record = (): JsonRecord => ({
  id: 7,
  status: null,
  customer: { name: 'Ada', address: { city: 'Paris' } },
  lines: [{ sku: 'A' }, { sku: 'B' }],
  text: 'abc',
});

describe('get', () => {
  it.each([
    ['id', 7],
    ['status', null],
    ['customer.name', 'Ada'],
    ['customer.address.city', 'Paris'],
    ['lines[0]', { sku: 'A' }],
    ['lines[1].sku', 'B'],
    ['lines[01].sku', 'B'],
  ])('finds %s', (source, expected) => {
    expect(recordPath(source, '/field').get(record())).toEqual(expected);
  });

  it.each([
    'nope',
    'nope.name',
    'customer.nope',
    'status.name',
    'id.name',
    'text.length',
    'lines.length',
    'lines.0',
    'lines[2]',
    'lines[2].sku',
    'customer[0]',
    'text[0]',
    'Customer.name',
    'toString',
    'customer.hasOwnProperty',
    'customer.address.valueOf',
    'lines[0][0]',
    'lines[-1]',
    'lines[x]',
    'lines[ 0 ]',
    'lines[0',
    'lines[0]sku',
    'lines[99999999]',
    '[0]',
    '',
    'customer..name',
  ])('finds nothing at %j', (source) => {
    expect(recordPath(source, '/field').get(record())).toBeUndefined();
  });

  it('finds own keys that are named like inherited ones', () => {
    const odd = JSON.parse('{"toString": 1, "a": {"valueOf": 2}}') as JsonRecord;

    expect(recordPath('toString', '/field').get(odd)).toBe(1);
    expect(recordPath('a.valueOf', '/field').get(odd)).toBe(2);
  });
});

describe('set', () => {
  it.each<[string, JsonRecord, JsonRecord]>([
    ['a', {}, { a: 1 }],
    ['a', { a: { b: 2 } }, { a: 1 }],
    ['a.b', {}, { a: { b: 1 } }],
    ['a.b', { a: { c: 2 } }, { a: { c: 2, b: 1 } }],
    ['a.b', { a: 'text' }, { a: { b: 1 } }],
    ['a.b', { a: null }, { a: { b: 1 } }],
    ['a.b', { a: [1, 2] }, { a: { b: 1 } }],
    ['a.b.c', { a: { b: 3 } }, { a: { b: { c: 1 } } }],
    ['a[2]', {}, { a: [null, null, 1] }],
    ['a[0]', { a: [5, 6] }, { a: [1, 6] }],
    ['a[2]', { a: [5] }, { a: [5, null, 1] }],
    ['a[1]', { a: { b: 2 } }, { a: [null, 1] }],
    ['a[1].b', { a: [{ b: 0 }, 'x'] }, { a: [{ b: 0 }, { b: 1 }] }],
    ['a[1].b', {}, { a: [null, { b: 1 }] }],
    ['a.b[1].c', { a: 1 }, { a: { b: [null, { c: 1 }] } }],
    ['toString.b', {}, JSON.parse('{"toString": {"b": 1}}') as JsonRecord],
  ])('writes %s into %j', (source, before, after) => {
    recordPath(source, '/target').set(before, 1);

    expect(before).toEqual(after);
  });

  it.each(['a[0][1]', 'a[-1]', 'a[x]', '[0]', 'a[ ]', '', 'a..b'])('refuses %j', (source) => {
    const path = recordPath(source, '/target');

    expect(() => path.set({}, 1)).toThrow(
      expect.objectContaining({
        code: 'record.bad-path',
        message: `invalid array index in path: "${source}"`,
        pointer: '/target',
      }),
    );
  });
});

describe('delete', () => {
  it.each<[string, JsonRecord, JsonRecord]>([
    ['a', { a: 1, b: 2 }, { b: 2 }],
    ['a', { b: 2 }, { b: 2 }],
    ['a.b', { a: { b: 1, c: 2 } }, { a: { c: 2 } }],
    ['a.b', { a: 'text' }, { a: 'text' }],
    ['a.b', { a: [1] }, { a: [1] }],
    ['a.b.c', { a: { b: { c: 1 } } }, { a: { b: {} } }],
    ['a.b.c', { a: 1 }, { a: 1 }],
    ['a[0]', { a: [1, 2, 3] }, { a: [2, 3] }],
    ['a[3]', { a: [1, 2, 3] }, { a: [1, 2, 3] }],
    ['a[0]', { a: { 0: 1 } }, { a: { 0: 1 } }],
    ['a.list[1].k', { a: { list: [0, { k: 1, l: 2 }] } }, { a: { list: [0, { l: 2 }] } }],
    ['a[-1]', { a: [1] }, { a: [1] }],
    ['a[x]', { a: [1] }, { a: [1] }],
    ['', { a: 1 }, { a: 1 }],
  ])('removes %s from %j', (source, before, after) => {
    recordPath(source, '/target').delete(before);

    expect(before).toEqual(after);
  });
});

describe('names out of reach', () => {
  it.each(['__proto__', 'a.__proto__', 'constructor', 'a.constructor.prototype', 'prototype[0]'])(
    'refuses %s',
    (source) => {
      expect(() => recordPath(source, '/source')).toThrow(
        expect.objectContaining({ code: 'record.forbidden-key', pointer: '/source' }),
      );
    },
  );

  it.each(['_errors', '_errors.code', '_errors[0].code', '_errors[x]'])(
    'refuses to write %s',
    (source) => {
      expect(() => targetPath(source, '/target')).toThrow(
        expect.objectContaining({ code: 'record.reserved', pointer: '/target' }),
      );
    },
  );

  it.each(['meta._errors', '_errorsX', '_error'])('writes %s', (source) => {
    const target: JsonRecord = {};
    targetPath(source, '/target').set(target, 1);

    expect(recordPath(source, '/target').get(target)).toBe(1);
  });
});
