import { type EachFilter, type Item, type Json, type JsonRecord } from '@cannectors/core';
import { fakeContext, testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { loop } from '../src/loop.ts';
import { standIns } from './stand-ins.ts';

const deed = (what: string) => ({ type: 'do', what });
const lines = (...filters: JsonRecord[]) => ({ field: 'lines', itemName: 'line', filters });
const innerLines = (...filters: JsonRecord[]) => ({
  type: 'loop',
  field: 'order.lines',
  itemName: 'line',
  filters,
});
const orders = (...filters: JsonRecord[]) => ({ field: 'orders', itemName: 'order', filters });

const cases: Parameters<typeof testFilter>[2] = {
  'leaves a record without the list alone': {
    config: lines(deed('count on the record')),
    given: [{ id: 1 }, { lines: null }],
    then: [{ id: 1 }, { lines: null }],
  },
  'keeps a list that no filter touches': {
    config: lines(),
    given: [{ lines: [1, 'a', null, [2], { b: 3 }] }],
    then: [{ lines: [1, 'a', null, [2], { b: 3 }] }],
  },
  'finds a list below other keys': {
    config: { ...lines(deed('note the place')), field: 'order.parts[1].lines' },
    given: [{ order: { parts: [{}, { lines: [{}] }] } }],
    then: [{ order: { parts: [{}, { lines: [{ at: { line: { index: 0 } } }] }] } }],
  },
  'says where it stands, and leaves no trace': {
    config: lines(deed('note the place')),
    given: [{ lines: [{}, {}] }],
    then: [{ lines: [{ at: { line: { index: 0 } } }, { at: { line: { index: 1 } } }] }],
  },
  'keeps meta data that it did not make': {
    config: lines(deed('write to the meta data')),
    given: [
      { lines: [{}], _metadata: { page: 3 } },
      { lines: [{}], _metadata: { loop: { a: 1 } } },
      { lines: [], _metadata: {} },
    ],
    then: [
      { lines: [{}], _metadata: { page: 3, batch: 'b1' } },
      { lines: [{}], _metadata: { loop: { a: 1 }, batch: 'b1' } },
      { lines: [], _metadata: {} },
    ],
  },
  'removes an element that is dropped': {
    config: lines({ type: 'at', where: 2, what: 'drop' }),
    given: [{ lines: [{ id: 1 }, { id: 2 }, { id: 3 }] }, { lines: [{ id: 2 }] }],
    then: [{ lines: [{ id: 1 }, { id: 3 }] }, { lines: [] }],
  },
  'removes an element whose key is removed': {
    config: lines(deed('remove the element')),
    given: [{ lines: [{ id: 1 }, 'a'] }],
    then: [{ lines: [] }],
  },
  'replaces what is no object': {
    config: lines(deed('replace the element')),
    given: [{ lines: ['a', 1, null] }],
    then: [{ lines: ['"a"!', '1!', 'null!'] }],
  },
  'writes to the record around': {
    config: lines(deed('count on the record')),
    given: [{ lines: [{}, {}] }, { lines: [{}], count: 5 }],
    then: [
      { lines: [{}, {}], count: 2 },
      { lines: [{}], count: 6 },
    ],
  },
  'goes on although the list of the record is taken away': {
    config: lines(deed('empty the list of the record')),
    given: [{ lines: [{ id: 1 }, { id: 2 }] }],
    then: [{ lines: [{ id: 1 }, { id: 2 }] }],
  },
  'forgets bare keys after the element': {
    config: lines(deed('copy the bare key'), deed('write a bare key')),
    given: [{ lines: [{}, {}] }],
    then: [{ lines: [{ price: null }, { price: null }] }],
  },
  'shows bare keys to later filters': {
    config: lines(deed('write a bare key'), deed('copy the bare key')),
    given: [{ lines: [{}] }],
    then: [{ lines: [{ price: { net: 7 } }] }],
  },
  'takes what a filter gives back in place of the scope': {
    config: lines(deed('give back a copy with changes'), deed('note the place')),
    given: [{ id: 1, lines: [{}, {}] }],
    then: [
      {
        id: 1,
        copied: true,
        lines: [
          { copied: true, at: { line: { index: 0 } } },
          { copied: true, at: { line: { index: 1 } } },
        ],
        _metadata: { copied: true },
      },
    ],
  },
  'goes through lists in lists': {
    config: orders(
      innerLines(deed('note the place'), deed('note the order'), deed('count on the record')),
    ),
    given: [{ orders: [{ no: 1, lines: [{}] }, { no: 2 }, { no: 3, lines: [{}] }] }],
    then: [
      {
        count: 2,
        orders: [
          { no: 1, lines: [{ at: { order: { index: 0 }, line: { index: 0 } }, order: 1 }] },
          { no: 2 },
          { no: 3, lines: [{ at: { order: { index: 2 }, line: { index: 0 } }, order: 3 }] },
        ],
      },
    ],
  },
  'writes to the elements of the loop around': {
    config: orders(innerLines(deed('count on the order'))),
    given: [{ orders: [{ lines: [{}, {}] }, { lines: [] }] }],
    then: [{ orders: [{ lines: [{}, {}], count: 2 }, { lines: [] }] }],
  },
  'lets bare keys into the loop inside, and none out': {
    config: orders(
      deed('write a bare key'),
      innerLines(deed('change the bare key'), deed('copy the bare key')),
      deed('copy the bare key to the order'),
    ),
    given: [{ orders: [{ lines: [{}] }] }],
    then: [{ orders: [{ lines: [{ price: { net: 8 } }], price: { net: 7 } }] }],
  },
  'shows the keys of its scope': {
    config: orders(deed('write a bare key'), innerLines(deed('note the keys'))),
    given: [{ orders: [{ lines: [{}] }] }],
    then: [{ orders: [{ lines: [{ keys: ['order', 'record', '_metadata', 'price', 'line'] }] }] }],
  },
  'lifts markers to the record, with the place of the element': {
    config: lines(deed('mark it, as the kernel does')),
    given: [{ lines: [{}, {}] }, { lines: [{}], _errors: [{ module: 'mapping' }] }],
    then: [
      {
        lines: [{}, {}],
        _errors: [
          { itemIndex: 0, module: 'probe', recordIndex: 0 },
          { itemIndex: 1, module: 'probe', recordIndex: 0 },
        ],
      },
      {
        lines: [{}],
        _errors: [{ module: 'mapping' }, { itemIndex: 0, module: 'probe', recordIndex: 0 }],
      },
    ],
  },
  'lifts each marker of a list in a list once': {
    config: orders(
      deed('mark it, as the kernel does'),
      innerLines(deed('mark it, as the kernel does')),
    ),
    given: [{ orders: [{ lines: [] }, { lines: [{}, {}] }] }],
    then: [
      {
        orders: [{ lines: [] }, { lines: [{}, {}] }],
        _errors: [0, 1, 0, 1].map((itemIndex) => ({ itemIndex, module: 'probe', recordIndex: 0 })),
      },
    ],
  },
  'drops the markers of an element with it': {
    config: lines(deed('mark it, as the kernel does'), { type: 'drop' }),
    given: [{ lines: [{}] }],
    then: [{ lines: [] }],
  },
  'goes through the markers themselves': {
    config: { field: '_errors', itemName: 'problem', filters: [] },
    given: [{ _errors: [{ module: 'a' }] }],
    then: [{ _errors: [{ module: 'a' }] }],
  },
  'waits for filters that wait, in order': {
    config: lines({ type: 'wait', target: 'at' }),
    given: [{ lines: [{}, {}] }, { lines: [{}] }],
    then: [
      { lines: [{ at: { line: { index: 0 } } }, { at: { line: { index: 1 } } }] },
      { lines: [{ at: { line: { index: 0 } } }] },
    ],
  },
  'waits in a loop inside a loop': {
    config: orders(innerLines({ type: 'wait', target: 'at' })),
    given: [{ orders: [{ lines: [{}] }] }],
    then: [{ orders: [{ lines: [{ at: { order: { index: 0 }, line: { index: 0 } } }] }] }],
  },
  'fails when the field is no list': {
    config: lines(),
    given: [{ lines: [] }, { lines: { sku: 'A' } }],
    fails: { code: 'loop.not-a-list' },
  },
  'fails when an element becomes two': {
    config: lines({ type: 'at', where: 2, what: 'split' }),
    given: [{ lines: [{ id: 1 }, { id: 2 }] }],
    fails: { code: 'loop.many-records' },
  },
  'fails when text becomes an object': {
    config: lines(deed('make it an object')),
    given: [{ lines: ['a'] }],
    fails: { code: 'loop.made-object' },
  },
  'fails when its place is written to': {
    config: lines(deed('write to the place')),
    given: [{ lines: [{}] }],
    fails: { code: 'loop.read-only' },
  },
  'fails when a place is invented': {
    config: lines(deed('write beside the place')),
    given: [{ lines: [{}] }],
    fails: { code: 'loop.read-only' },
  },
  'fails when its meta data are removed': {
    config: lines(deed('remove the meta data')),
    given: [{ lines: [{}] }],
    fails: { code: 'loop.read-only' },
  },
  'fails as the nested filter did, and says where': {
    config: lines({ type: 'at', where: 2, what: 'fail' }),
    given: [{ lines: [{ id: 1 }, { id: 2 }] }],
    fails: { code: 'CALL_REFUSED' },
  },
  'fails as a filter that waits did': {
    config: lines({ type: 'wait', target: 'at' }),
    given: [{ lines: [{ id: 'up' }, { id: 'down' }] }],
    fails: { code: 'CALL_REFUSED' },
  },
  'refuses filters that are no list': {
    config: { field: 'lines', itemName: 'line', filters: { type: 'drop' } },
    refuses: { code: 'config.type', pointer: '/filters' },
  },
  'refuses to go without filters': {
    config: { field: 'lines', itemName: 'line' },
    refuses: { code: 'config.required', pointer: '' },
  },
  'refuses a field that changes programs': {
    config: { ...lines(), field: 'a.__proto__.b' },
    refuses: { code: 'record.forbidden-key', pointer: '/field' },
  },
  'refuses one name for two loops': {
    config: {
      ...lines({
        type: 'loop',
        field: 'line.parts',
        itemName: 'part',
        filters: [{ type: 'loop', field: 'part.parts', itemName: 'line', filters: [] }],
      }),
    },
    refuses: { code: 'loop.name-in-use', pointer: '/filters/0/filters/0/itemName' },
  },
  ...Object.fromEntries(
    [
      'record',
      '_metadata',
      'loop',
      'meta',
      'state',
      'pagination',
      '_errors',
      'a.b',
      '__proto__',
    ].map((itemName) => [
      `refuses to call an element ${itemName}`,
      {
        config: { ...lines(), itemName },
        refuses: { code: 'record.item-name', pointer: '/itemName' },
      },
    ]),
  ),
};

testFilter(plugin, import.meta.url, cases, {
  filters: { loop: plugin, ...standIns },
  leavesHalfChanged: 'elements before the one that failed stay as they became',
});

const { signal } = new AbortController();
const filters = { loop: plugin, ...standIns };
/** As the host makes it: the steps are complete. */
const made = ({ field, itemName, filters: steps }: ReturnType<typeof lines>): EachFilter =>
  loop(
    { field, itemName, filters: steps.map((step) => ({ enabled: true, ...step })) },
    fakeContext({ filters }),
  );
const itemOf = (record: JsonRecord): Item => ({ record, meta: { id: 'r1' } });

describe('a record that a loop fails on', () => {
  it.each([
    { type: 'at', where: 2, what: 'fail' },
    { type: 'at', where: 2, what: 'split' },
  ])('keeps what was done, loses nothing of the rest, and shows no trace: $what', (step) => {
    const item = itemOf({
      lines: [{ id: 1 }, { id: 0 }, { id: 2 }, { id: 3 }],
      _metadata: { page: 1 },
    });
    const filter = made(lines(deed('note the keys'), { type: 'at', where: 0, what: 'drop' }, step));

    expect(() => filter.each(item, signal, 0)).toThrow(/item \d/);
    const keys = ['line', 'record', '_metadata'];
    expect(item.record).toEqual({
      lines: [{ id: 1, keys }, { id: 2, keys }, { id: 3 }],
      _metadata: { page: 1 },
    });
  });

  it('bears the markers of the elements up to there', () => {
    const item = itemOf({ lines: [{ id: 1 }, { id: 2 }] });
    const filter = made(
      lines(deed('mark it, as the kernel does'), { type: 'at', where: 2, what: 'fail' }),
    );

    expect(() => filter.each(item, signal, 0)).toThrow(/item \d/);
    expect(item.record['_errors']).toMatchObject([{ itemIndex: 0 }, { itemIndex: 1 }]);
  });

  it('is told as the nested filter told it, with the place of the element', () => {
    const filter = made(lines({ type: 'at', where: 2, what: 'fail' }));

    expect(() => filter.each(itemOf({ lines: [{ id: 1 }, { id: 2 }] }), signal, 0)).toThrow(
      expect.objectContaining({
        code: 'CALL_REFUSED',
        message: 'nested filters failed at item 1: no such sku',
        category: 'not_found',
        retry: false,
        statusCode: 404,
        hint: 'Ask for another.',
        details: { attempts: 1, item_index: 1 },
      }),
    );
  });

  it('is told by its number when its field is no list', () => {
    expect(() => made(lines()).each(itemOf({ lines: 'A, B' }), signal, 7)).toThrow(
      'loop field is not an array: field "lines" is string at record 7',
    );
  });

  it('is found by a loop in a branch that another plugin nests', () => {
    const filter = made(lines());
    const item = itemOf({
      line: { parts: [] },
      lines: [1],
      record: {},
      _metadata: { loop: { line: { index: 0 } } },
    });

    expect(() => filter.each(item, signal, 0)).toThrow(
      expect.objectContaining({ code: 'loop.name-in-use' }),
    );
  });
});

describe('a loop that is told to stop', () => {
  it('ends before the next element, with the reason it was given', () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const seen: Json[] = [];
    const context = {
      filters: (): EachFilter => ({
        each(item) {
          seen.push(item.record['line'] ?? null);
          stop.abort(reason);
          return item;
        },
      }),
    };

    expect(() => loop(lines(), context).each(itemOf({ lines: [1, 2] }), stop.signal, 0)).toThrow(
      reason,
    );
    expect(seen).toEqual([1]);
  });

  it('passes on the reason of a filter that was stopped', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const context = {
      filters: (): EachFilter => ({
        concurrency: 1,
        each: () => {
          stop.abort(reason);
          return Promise.reject(reason);
        },
      }),
    };

    await expect(loop(lines(), context).each(itemOf({ lines: [1] }), stop.signal, 0)).rejects.toBe(
      reason,
    );
  });
});

describe('a loop over many elements', () => {
  it('gives each the meta of the record, and its own index', () => {
    const given: { id: unknown; index: number }[] = [];
    const context = {
      filters: (): EachFilter => ({
        each(item, _, index) {
          given.push({ id: item.meta.id, index });
          return item;
        },
      }),
    };

    const result = loop(lines(), context).each(itemOf({ lines: ['a', 'b'] }), signal, 9);

    expect(result).toMatchObject({ record: { lines: ['a', 'b'] } });

    expect(given).toEqual([
      { id: 'r1', index: 0 },
      { id: 'r1', index: 1 },
    ]);
  });
});
