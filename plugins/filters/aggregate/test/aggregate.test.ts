import type { BatchFilter, Fault, Item, Json, JsonRecord } from '@cannectors/core';
import { testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../src/aggregate.ts';
import plugin from '../src/index.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const hour = 3_600_000;
const window = (start: string, end: string) => ({
  _metadata: { window: { start: `2026-01-01T${start}.000Z`, end: `2026-01-01T${end}.000Z` } },
});
const calculate = (values: Json[], name: string): { config: JsonRecord; given: JsonRecord[] } => ({
  config: { fields: { result: { [name]: 'value' } } },
  given: values.map((value) => ({ value })),
});
const gives = (name: string, values: Json[], result: Json) => ({
  ...calculate(values, name),
  then: [{ result }],
});
const refuses = (name: string, values: Json[], code: string) => ({
  ...calculate(values, name),
  fails: { code },
});

testFilter(plugin, import.meta.url, {
  'makes one record of 500': {
    config: { fields: { orders: 'count' } },
    given: numbers(500).map((id) => ({ id })),
    then: [{ orders: 500 }],
  },
  'makes nothing of nothing': { config: { fields: { orders: 'count' } }, given: [], then: [] },
  'makes one for each key, in the order of the first records': {
    config: { groupBy: ['country', 'a.b'], fields: { n: 'count' } },
    given: [
      { country: 'FR', a: { b: 2 } },
      { country: 'DE', a: { b: 1 } },
      { country: 'FR', a: { b: 2 } },
      { country: 'FR', a: { b: 1 } },
    ],
    then: [
      { country: 'FR', a: { b: 2 }, n: 2 },
      { country: 'DE', a: { b: 1 }, n: 1 },
      { country: 'FR', a: { b: 1 }, n: 1 },
    ],
  },
  'tells keys of another type apart': {
    config: { groupBy: 'k', fields: { n: 'count' } },
    given: [{ k: 1 }, { k: '1' }, {}, { k: null }, { k: 1 }, { k: 2n ** 60n }, { k: true }],
    then: [
      { k: 1, n: 2 },
      { k: '1', n: 1 },
      { n: 1 },
      { k: null, n: 1 },
      { k: 2n ** 60n, n: 1 },
      { k: true, n: 1 },
    ],
  },
  'keeps the records, in order, without what is about them': {
    config: { groupBy: 'k', into: 'items.list' },
    given: [
      { k: 'a', n: 1, _metadata: { split: 1 } },
      { k: 'b', n: 2 },
      { k: 'a', n: 3, _errors: [] },
    ],
    then: [
      {
        k: 'a',
        items: {
          list: [
            { k: 'a', n: 1 },
            { k: 'a', n: 3, _errors: [] },
          ],
        },
      },
      { k: 'b', items: { list: [{ k: 'b', n: 2 }] } },
    ],
  },
  'makes three of 250 with at most 100': {
    config: { maxSize: 100, fields: { n: 'count', first: { first: 'id' }, last: { last: 'id' } } },
    given: numbers(250).map((id) => ({ id })),
    then: [
      { n: 100, first: 0, last: 99 },
      { n: 100, first: 100, last: 199 },
      { n: 50, first: 200, last: 249 },
    ],
  },
  'makes several fields, below others too': {
    config: { fields: { 'a.n': 'count', 'a.max': { max: 'v' }, 'b/c': { min: 'v' } } },
    given: [{ v: 2 }, { v: 1 }],
    then: [{ a: { n: 2, max: 2 }, 'b/c': 1 }],
  },
  'gives what it has at the end of a batch': {
    config: { per: 'batch', groupBy: 'k', fields: { n: 'count' } },
    given: [{ k: 1 }, { k: 2 }, { k: 1 }],
    then: [
      { k: 1, n: 2 },
      { k: 2, n: 1 },
    ],
  },
  'parts groups by time, and takes late records for a group of their own': {
    config: {
      groupBy: 'k',
      window: { sizeMs: hour, field: 'at' },
      fields: { n: 'count' },
    },
    given: [
      { k: 'a', at: '2026-01-01T10:59:59.999Z' },
      { k: 'b', at: '2026-01-01T12:30:00+02:00' },
      { k: 'a', at: '2026-01-01 11:00' },
      { k: 'a', at: Date.UTC(2026, 0, 1, 12) },
      { k: 'a', at: '2026-01-01T10:00:00' },
    ],
    then: [
      { k: 'a', n: 2, ...window('10:00:00', '11:00:00') },
      { k: 'b', n: 1, ...window('10:00:00', '11:00:00') },
      { k: 'a', n: 1, ...window('11:00:00', '12:00:00') },
      { k: 'a', n: 1, ...window('12:00:00', '13:00:00') },
    ],
  },
  'gives what there is when there is no more place, if told to': {
    config: { groupBy: 'k', into: 'l', maxBuffered: 4, onOverflow: 'flush' },
    given: ['a', 'b', 'a', 'b'].map((k) => ({ k })),
    then: [
      { k: 'a', l: [{ k: 'a' }] },
      { k: 'b', l: [{ k: 'b' }] },
      { k: 'a', l: [{ k: 'a' }] },
      { k: 'b', l: [{ k: 'b' }] },
    ],
  },
  'fails when there is no more place': {
    config: { into: 'l', maxBuffered: 3 },
    given: numbers(3).map((id) => ({ id })),
    fails: { code: 'aggregate.overflow' },
  },
  'fails on a record that finds no place at all': {
    config: { into: 'l', maxBuffered: 1, onOverflow: 'flush' },
    given: [{ id: 1 }],
    fails: { code: 'aggregate.overflow' },
  },
  'needs little for many records that it does not keep': {
    config: { groupBy: 'k', maxBuffered: 2, fields: { n: 'count', s: { sum: 'v' } } },
    given: numbers(1000).map((v) => ({ k: v % 2, v })),
    then: [
      { k: 0, n: 500, s: 249_500 },
      { k: 1, n: 500, s: 250_000 },
    ],
  },
  'counts values': gives('count', [1, null, 'a', false, []], 4),
  'sums nothing to nothing': gives('sum', [null, null], 0),
  'sums cents': gives('sum', [0.1, 0.2, 0.7], 1),
  'sums cents to cents': gives('sum', [0.1, 0.2], 0.3),
  'sums many cents': gives(
    'sum',
    numbers(1000).map(() => 0.01),
    10,
  ),
  'sums what is small': gives('sum', [1e-7, 2.5e-7], 3.5e-7),
  'sums whole numbers beyond 2^53': gives('sum', [2 ** 53 - 1, 1, 1], 2n ** 53n + 1n),
  'sums bigints': gives('sum', [9_223_372_036_854_775_807n, 1n], 9_223_372_036_854_775_808n),
  'comes back from beyond 2^53': gives('sum', [2n ** 60n, -(2n ** 60n), 5], 5),
  'sums what is large': gives('sum', [1e300, 1], 10n ** 0n + BigInt(1e300)),
  'keeps a large number that it adds nothing to': gives('sum', [1e300], 1e300),
  'writes as text what no number is': gives('sum', [2n ** 60n, 0.5], '1152921504606846976.5'),
  'sums decimals of databases': gives('sum', ['12.50', 1, '-0.25'], '13.25'),
  'keeps the places of decimals': gives('sum', ['12.50', '1.50'], '14.00'),
  'does not sum words': refuses('sum', [1, 'one'], 'aggregate.not-a-number'),
  'does not sum text with an exponent': refuses('sum', ['1e3'], 'aggregate.not-a-number'),
  'does not sum truth': refuses('sum', [true], 'aggregate.not-a-number'),
  'does not sum lists': refuses('sum', [[1]], 'aggregate.not-a-number'),
  'finds the least': gives('min', [3, null, -2.5, 2n ** 60n], -2.5),
  'finds the greatest': gives('max', [3, 2n ** 60n, 2 ** 60 - 256], 2n ** 60n),
  'finds the greatest decimal': gives('max', ['9.5', '10.25', 10], '10.25'),
  'finds the latest date': gives('max', ['2026-01-02', '2026-01-10', '2025-12-31'], '2026-01-10'),
  'finds none of none': gives('min', [null], null),
  'does not compare words with numbers': refuses('min', [1, 'a'], 'aggregate.not-comparable'),
  'does not compare objects': refuses('max', [{}], 'aggregate.not-comparable'),
  'finds the first': gives('first', [null, { a: 1 }, 2], { a: 1 }),
  'finds the last': gives('last', [{ a: 1 }, { b: 2 }, null], { b: 2 }),
  'lists values': gives('list', [1, null, { a: 1 }, 1], [1, { a: 1 }, 1]),
  'fails on a record that is marked': {
    config: { fields: { n: 'count' } },
    given: [{ _errors: [{ module: 'mapping' }] }],
    fails: { code: 'aggregate.marked-record' },
  },
  ...Object.fromEntries(
    [null, 'soon', '2026-13-01', '2026-02-30T25:00:00Z', 1e300, {}].map((at, index) => [
      `fails when a record does not say when it was: ${index}`,
      {
        config: { window: { sizeMs: hour, field: 'at' } },
        given: [{ at }],
        fails: { code: 'aggregate.no-time' },
      },
    ]),
  ),
  'refuses two calculations in one field': {
    config: { fields: { n: { sum: 'a', max: 'b' } } },
    refuses: { code: 'config.items', pointer: '/fields/n' },
  },
  'refuses a calculation that is none': {
    config: { fields: { n: 'average' } },
    refuses: { code: 'config.enum', pointer: '/fields/n' },
  },
  'refuses to write error markers': {
    config: { fields: { '_errors[0]': 'count' } },
    refuses: { code: 'record.reserved', pointer: '/fields/_errors[0]' },
  },
  'refuses a key that changes programs': {
    config: { groupBy: ['id', 'a.__proto__.b'] },
    refuses: { code: 'record.forbidden-key', pointer: '/groupBy/1' },
  },
});

const { signal } = new AbortController();
type Config = Parameters<typeof aggregate>[0];
const made = (config: Partial<Config>, now?: () => number): BatchFilter =>
  aggregate(
    { per: 'run', fields: { n: 'count' }, maxBuffered: 100, onOverflow: 'fail', ...config },
    undefined,
    now,
  );
const itemOf = (record: JsonRecord, id?: string): Item => ({
  record,
  meta: id === undefined ? {} : { id },
});
const never = (_: number, fault: Fault): boolean => {
  throw fault;
};
const flush = (filter: BatchFilter) => (filter.flush?.(signal) ?? []) as Item[];
const give = (filter: BatchFilter, items: Item[]) => filter.batch(items, signal, never) as Item[];

describe('a record that cannot be gathered', () => {
  it('goes on by itself if it is to, and leaves no trace in a group', () => {
    const filter = made({ groupBy: 'k', fields: { a: { sum: 'a' }, b: { sum: 'b' } } });
    const bad = itemOf({ k: 1, a: 5, b: 'x' });
    const refused: [number, string][] = [];

    const out = filter.batch([itemOf({ k: 1, a: 1, b: 1 }), bad], signal, (index, { code }) => {
      refused.push([index, code]);
      return true;
    });

    expect(out).toEqual([bad]);
    expect(refused).toEqual([[1, 'aggregate.not-a-number']]);
    expect(flush(filter)).toMatchObject([{ record: { k: 1, a: 1, b: 1 } }]);
  });

  it('is left out if it is to', () => {
    const filter = made({ fields: { a: { sum: 'a' } } });

    const out = filter.batch([itemOf({ a: 'x' }), itemOf({ a: 2 })], signal, () => false);

    expect(out).toEqual([]);
    expect(flush(filter)).toMatchObject([{ record: { a: 2 } }]);
  });
});

describe('the id of a group', () => {
  const idOf = (ids: (string | undefined)[]): unknown => {
    const filter = made({});
    give(
      filter,
      ids.map((id) => itemOf({}, id)),
    );
    return flush(filter)[0]?.meta.id;
  };

  it('follows from those of its records, in their order', () => {
    expect(idOf(['a', 'b'])).toMatch(/^a#[0-9a-f]{16}$/);
    expect(idOf(['a', 'b'])).toBe(idOf(['a', 'b']));
    expect(new Set([['a', 'b'], ['a'], ['a', 'b', 'c'], ['ab'], ['b', 'a']].map(idOf)).size).toBe(
      5,
    );
  });

  it('is not made where records have none', () => {
    expect(idOf([undefined, undefined])).toBeUndefined();
  });
});

describe('a window', () => {
  const at = (time: string) => ({ at: `2026-01-01T${time}Z` });
  const byTime = () =>
    made({ groupBy: 'k', window: { sizeMs: hour, field: 'at', waitMs: 600_000 } });

  it('waits for late records, then is given while the run goes on', () => {
    const filter = byTime();

    expect(
      give(filter, [itemOf({ k: 1, ...at('10:30:00') }), itemOf({ k: 2, ...at('11:05:00') })]),
    ).toEqual([]);
    expect(give(filter, [itemOf({ k: 1, ...at('10:59:00') })])).toEqual([]);
    const [given, ...more] = give(filter, [itemOf({ k: 2, ...at('11:10:00') })]);

    expect(given?.record).toMatchObject({ k: 1, n: 2 });
    expect(more).toEqual([]);
    expect(flush(filter)).toMatchObject([{ record: { k: 2, n: 2 } }]);
  });

  it('tells the first record that it holds something of', () => {
    const filter = byTime();

    expect(filter.oldest?.()).toBeUndefined();
    give(filter, [itemOf({ k: 1, ...at('10:30:00') }), itemOf({ k: 2, ...at('11:05:00') })]);
    expect(filter.oldest?.()).toBe(0);
    give(filter, [itemOf({ k: 3, ...at('11:20:00') })]);
    expect(filter.oldest?.()).toBe(1);
    give(filter, [itemOf({ k: 3, ...at('15:00:00') })]);
    expect(filter.oldest?.()).toBe(3);
    expect(filter.dueAt?.()).toBe(Infinity);
  });

  it('counts anew in the next run', () => {
    const filter = byTime();
    give(filter, [itemOf({ k: 1, ...at('23:00:00') })]);
    flush(filter);

    expect(give(filter, [itemOf({ k: 1, ...at('10:30:00') })])).toEqual([]);
    expect(filter.oldest?.()).toBe(0);
  });

  it('without a field goes by the clock, and wants to be asked when it is over', () => {
    let now = Date.UTC(2026, 0, 1, 10, 30);
    const filter = made({ window: { sizeMs: hour, waitMs: 0 } }, () => now);
    expect(filter.dueAt?.()).toBe(Infinity);

    give(filter, [itemOf({}), itemOf({})]);
    const due = (filter.dueAt?.() ?? 0) - performance.now();
    expect(Math.abs(due - hour / 2)).toBeLessThan(60_000);
    expect(give(filter, [])).toEqual([]);
    now += hour / 2;
    const given = give(filter, []);

    expect(given).toMatchObject([{ record: { n: 2, ...window('10:00:00', '11:00:00') } }]);
    expect([filter.oldest?.(), filter.dueAt?.()]).toEqual([undefined, Infinity]);
  });
});

describe('a filter that gathers batches', () => {
  it('holds as many groups as it is told to', () => {
    const filter = made({ groupBy: 'id', maxBuffered: 200_000 });

    give(
      filter,
      numbers(200_000).map((id) => itemOf({ id })),
    );

    expect(flush(filter)).toHaveLength(200_000);
  });

  it('holds nothing behind one', () => {
    const filter = made({ per: 'batch' });

    expect(Object.keys(filter)).toEqual(['batch']);
    expect(give(filter, [itemOf({})])).toMatchObject([{ record: { n: 1 } }]);
    expect(give(filter, [])).toEqual([]);
  });

  it('per run tells the kernel nothing but at the end', () => {
    expect(Object.keys(made({}))).toEqual(['batch', 'flush']);
  });
});
