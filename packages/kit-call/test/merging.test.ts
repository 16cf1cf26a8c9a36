import type { Json, JsonRecord } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { merging } from '../src/index.ts';

type Strategy = 'merge' | 'replace' | 'append';

function merged(mergeStrategy: Strategy, record: JsonRecord, answer: Json): JsonRecord {
  merging({ mergeStrategy, resultKey: 'found' })(record, answer);
  return record;
}

const ada = { name: 'Ada', address: { city: 'Paris', zip: '75001' }, tags: ['a', 'b'] };
const london = { address: { city: 'London' }, tags: ['c'] };

describe('merging', () => {
  it.each<[Strategy, Json, JsonRecord]>([
    ['merge', london, { name: 'Ada', address: { city: 'London', zip: '75001' }, tags: ['c'] }],
    ['replace', london, { name: 'Ada', address: { city: 'London' }, tags: ['c'] }],
    ['append', london, { ...ada, found: london }],
    ['merge', { name: { first: 'Ada' } }, { ...ada, name: { first: 'Ada' } }],
    ['merge', { address: null }, { ...ada, address: null }],
    ['merge', {}, ada],
    ['replace', {}, ada],
    ['append', {}, { ...ada, found: {} }],
    ['merge', [], ada],
    ['replace', [], ada],
    ['append', [], { ...ada, found: [] }],
    ['append', [{ id: 1 }], { ...ada, found: [{ id: 1 }] }],
    ['append', [1, null, 'x'], { ...ada, found: [1, null, 'x'] }],
  ])('%s of %j', (strategy, answer, expected) => {
    expect(merged(strategy, structuredClone(ada), answer)).toEqual(expected);
  });

  it.each<[Strategy, Json, RegExp]>([
    ['merge', [{ id: 1 }, { id: 2 }], /cannot merge a list of 2 items .*use mergeStrategy append/],
    ['replace', [{ id: 1 }], /cannot replace a list of 1 item .*use mergeStrategy append/],
    ['merge', null, /cannot merge a value of type null/],
    ['replace', null, /type null/],
    ['append', null, /cannot append a value of type null/],
    ['merge', 'text', /type string/],
    ['replace', 7, /type number/],
    ['append', true, /type boolean/],
    ['append', 9_007_199_254_740_993n, /type number/],
  ])('%s of %o does not fit, and leaves the record alone', (strategy, answer, message) => {
    const record = structuredClone(ada);

    expect(() => merged(strategy, record, answer)).toThrow(
      expect.objectContaining({
        code: 'call.merge-mismatch',
        category: 'validation',
        retry: false,
        statusCode: undefined,
        message: expect.stringMatching(message) as string,
      }),
    );
    expect(record).toEqual(ada);
  });

  it('throws the fault of the plugin', () => {
    const merge = merging({ mergeStrategy: 'merge' }, (reason) => new TypeError(reason) as never);

    expect(() => merge({}, null)).toThrow(TypeError);
  });

  it.each<Strategy>(['merge', 'replace', 'append'])('%s shares nothing with the answer', (one) => {
    const answer = { deep: { list: [{ id: 1 }] } };
    const before = structuredClone(answer);
    const first = merged(one, {}, answer);
    const second = merged(one, {}, answer);

    const { deep } = (first['found'] ?? first) as { deep: { list: JsonRecord[]; more?: Json } };
    deep.list.push({ id: 2 });
    deep.more = true;

    expect(answer).toEqual(before);
    expect(second['found'] ?? second).toEqual(before);
  });

  it.each<Strategy>(['merge', 'replace', 'append'])('%s takes `__proto__` as plain data', (one) => {
    const answer = JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":1}}') as Json;

    const record = merged(one, { id: 1 }, answer);

    expect((record as { admin?: unknown }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    const target = one === 'append' ? (record['found'] as JsonRecord) : record;
    expect(Object.hasOwn(target, '__proto__')).toBe(true);
  });

  it('takes the key for a key, not for a path', () => {
    const record: JsonRecord = { a: { b: 1 } };

    merging({ mergeStrategy: 'append', resultKey: 'a.b' })(record, { id: 7 });

    expect(record).toEqual({ a: { b: 1 }, 'a.b': { id: 7 } });
  });

  it('overwrites what stands under the key', () => {
    expect(merged('append', { found: { old: 1 } }, { id: 7 })).toEqual({ found: { id: 7 } });
  });

  it.each([undefined, '', '  '])('asks for a key to append under, not %j', (resultKey) => {
    expect(() =>
      merging({ mergeStrategy: 'append', ...(resultKey !== undefined && { resultKey }) }),
    ).toThrow(expect.objectContaining({ code: 'call.no-result-key', pointer: '/mergeStrategy' }));
  });

  it.each<[Strategy, string, string]>([
    ['append', '_errors', 'record.reserved'],
    ['merge', '_errors', 'record.reserved'],
    ['replace', '_errors[0].code', 'record.reserved'],
    ['append', '__proto__', 'record.forbidden-key'],
  ])('%s refuses the key %j', (mergeStrategy, resultKey, code) => {
    expect(() => merging({ mergeStrategy, resultKey })).toThrow(
      expect.objectContaining({ code, pointer: '/resultKey' }),
    );
  });

  it.each(['_errorsX', 'meta._errors', ' x '])('allows the key %j', (resultKey) => {
    const record: JsonRecord = {};

    merging({ mergeStrategy: 'append', resultKey })(record, []);

    expect(record).toEqual({ [resultKey]: [] });
  });
});
