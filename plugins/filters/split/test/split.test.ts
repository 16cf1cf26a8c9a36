import { type Item, type JsonRecord } from '@cannectors/core';
import { fakeContext, testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { split } from '../src/split.ts';

const place = (index: number, total: number, more: JsonRecord = {}) => ({
  _metadata: { split: { ...more, line: { index, total } } },
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

testFilter(plugin, import.meta.url, {
  'makes twenty records of twenty elements, with the fields around': {
    config: { field: 'lines', itemName: 'line' },
    given: [{ id: 1, customer: { name: 'Ada' }, lines: numbers(20) }],
    then: numbers(20).map((line) => ({
      id: 1,
      customer: { name: 'Ada' },
      line,
      ...place(line, 20),
    })),
  },
  'drops a record with an empty list, and keeps the order': {
    config: { field: 'lines', itemName: 'line' },
    given: [{ lines: ['a'] }, { lines: [] }, { lines: ['b', 'c'] }],
    then: [
      { line: 'a', ...place(0, 1) },
      { line: 'b', ...place(0, 2) },
      { line: 'c', ...place(1, 2) },
    ],
  },
  'keeps a record with an empty list if told to': {
    config: { field: 'lines', itemName: 'line', onEmpty: 'keep' },
    given: [{ id: 1, line: 'old', lines: [] }],
    then: [{ id: 1, line: 'old', _metadata: { split: { line: { total: 0 } } } }],
  },
  'takes along what is named': {
    config: { field: 'lines', itemName: 'line', include: ['id', 'a.b', 'tags[1]', 'nothing'] },
    given: [{ id: 1, a: { b: { c: 1 }, d: 2 }, tags: ['x', 'y'], lines: [1, 2] }],
    then: [1, 2].map((line, index) => ({
      id: 1,
      a: { b: { c: 1 } },
      tags: [null, 'y'],
      line,
      ...place(index, 2),
    })),
  },
  'takes nothing along if told to': {
    config: { field: 'lines', itemName: 'line', include: [] },
    given: [{ id: 1, lines: [{ sku: 'A' }] }],
    then: [{ line: { sku: 'A' }, ...place(0, 1) }],
  },
  'puts the record under a key': {
    config: { field: 'lines', itemName: 'line', parentKey: 'order' },
    given: [{ id: 1, a: { b: 2 }, lines: ['x', 'y'], _metadata: { page: 1 } }],
    then: ['x', 'y'].map((line, index) => ({
      order: { id: 1, a: { b: 2 } },
      line,
      _metadata: { page: 1, split: { line: { index, total: 2 } } },
    })),
  },
  'replaces a field that has the name of the element': {
    config: { field: 'line', itemName: 'line' },
    given: [{ line: ['a', 'b'] }, { id: 2, line: [null] }],
    then: [
      { line: 'a', ...place(0, 2) },
      { line: 'b', ...place(1, 2) },
      { id: 2, line: null, ...place(0, 1) },
    ],
  },
  'finds a list below other keys, and leaves the rest of them': {
    config: { field: 'order.parts[0].lines', itemName: 'line' },
    given: [{ order: { no: 1, parts: [{ lines: ['a'], x: 1 }, { y: 2 }] } }],
    then: [{ order: { no: 1, parts: [{ x: 1 }, { y: 2 }] }, line: 'a', ...place(0, 1) }],
  },
  'splits again, and remembers where it was': {
    config: { field: 'line.parts', itemName: 'part' },
    given: [{ id: 1, line: { sku: 'A', parts: ['x', 'y'] }, ...place(3, 4) }],
    then: ['x', 'y'].map((part, index) => ({
      id: 1,
      line: { sku: 'A' },
      part,
      _metadata: { split: { line: { index: 3, total: 4 }, part: { index, total: 2 } } },
    })),
  },
  'takes error markers along': {
    config: { field: 'lines', itemName: 'line', include: [] },
    given: [{ lines: [1, 2], _errors: [{ module: 'mapping' }] }],
    then: [1, 2].map((line, index) => ({
      line,
      ...place(index, 2),
      _errors: [{ module: 'mapping' }],
    })),
  },
  'fails when there is no list': {
    config: { field: 'lines', itemName: 'line' },
    given: [{ lines: [] }, { id: 1 }],
    fails: { code: 'split.missing-list' },
  },
  'fails when there is null': {
    config: { field: 'lines', itemName: 'line', onEmpty: 'keep' },
    given: [{ lines: null }],
    fails: { code: 'split.missing-list' },
  },
  'fails when it is no list': {
    config: { field: 'lines', itemName: 'line' },
    given: [{ lines: 'a,b' }],
    fails: { code: 'split.not-a-list' },
  },
  'refuses to keep the record twice': {
    config: { field: 'lines', itemName: 'line', include: ['id'], parentKey: 'order' },
    refuses: { code: 'split.kept-twice', pointer: '/parentKey' },
  },
  'refuses one key for both': {
    config: { field: 'lines', itemName: 'line', parentKey: 'line' },
    refuses: { code: 'split.same-key', pointer: '/parentKey' },
  },
  'refuses a reserved name': {
    config: { field: 'lines', itemName: '_metadata' },
    refuses: { code: 'record.item-name', pointer: '/itemName' },
  },
  'refuses a reserved name for the record': {
    config: { field: 'lines', itemName: 'line', parentKey: '_errors' },
    refuses: { code: 'record.item-name', pointer: '/parentKey' },
  },
  'refuses to take error markers along by name': {
    config: { field: 'lines', itemName: 'line', include: ['id', '_errors'] },
    refuses: { code: 'record.reserved', pointer: '/include/1' },
  },
  'refuses another word for an empty list': {
    config: { field: 'lines', itemName: 'line', onEmpty: 'null' },
    refuses: { code: 'config.enum', pointer: '/onEmpty' },
  },
});

const { signal } = new AbortController();
const config = { field: 'lines', itemName: 'line', onEmpty: 'drop' as const };
const parts = (item: Item, more: object = {}) =>
  split({ ...config, ...more }, fakeContext()).each(item, signal, 4) as Item[];

describe('the records of one', () => {
  it('have ids that follow from its own', () => {
    const meta = { id: 'a', key: 'k' };

    const made = parts({ record: { lines: [{ lines: [1] }, 2] }, meta });
    const [again] = split({ ...config, field: 'line.lines' }, fakeContext()).each(
      made[0] as Item,
      signal,
      0,
    ) as Item[];

    expect(made.map((item) => item.meta)).toEqual([
      { id: 'a#0', key: 'k' },
      { id: 'a#1', key: 'k' },
    ]);
    expect(again?.meta.id).toBe('a#0#0');
  });

  it('have none where none are made', () => {
    expect(parts({ record: { lines: [1] }, meta: {} })[0]?.meta).toEqual({});
  });

  it('are told by the number of the record when they cannot be made', () => {
    expect(() => parts({ record: { lines: 1 }, meta: {} })).toThrow(
      'split field is not an array: field "lines" is number at record 4',
    );
  });
});

describe('a record that would become more than memory holds', () => {
  const blown = (): Item => ({
    record: { note: 'x'.repeat(2 ** 20), lines: numbers(100) },
    meta: {},
  });

  it.each([[{}], [{ parentKey: 'order' }], [{ include: ['note'] }]])(
    'is refused, and left as it was: %o',
    (more) => {
      const item = blown();

      expect(() => parts(item, more)).toThrow(
        expect.objectContaining({
          code: 'split.too-large',
          details: expect.objectContaining({ elements: 100, limit: 4 * 16 * 2 ** 20 }),
        }),
      );
      expect(item).toEqual(blown());
    },
  );

  it('passes if it takes less along', () => {
    expect(parts(blown(), { include: [] })).toHaveLength(100);
  });
});
