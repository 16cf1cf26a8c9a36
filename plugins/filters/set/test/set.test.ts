import { testFilter } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { set } from '../src/set.ts';

testFilter(plugin, import.meta.url, {
  'makes the objects on the way': {
    config: { target: 'customer.tier', value: 'gold' },
    given: [{ id: 1 }, { id: 2, customer: { name: 'Ada' } }],
    then: [
      { id: 1, customer: { tier: 'gold' } },
      { id: 2, customer: { name: 'Ada', tier: 'gold' } },
    ],
  },
  'makes the list on the way, and fills it up with nulls': {
    config: { target: 'lines[2].sku', value: 'A' },
    given: [{}, { lines: [{ sku: 'X' }] }],
    then: [{ lines: [null, null, { sku: 'A' }] }, { lines: [{ sku: 'X' }, null, { sku: 'A' }] }],
  },
  'replaces what is in the way': {
    config: { target: 'a.b', value: 1 },
    given: [{ a: 'text' }, { a: null }, { a: [1] }, { a: 7 }],
    then: [{ a: { b: 1 } }, { a: { b: 1 } }, { a: { b: 1 } }, { a: { b: 1 } }],
  },
  'overwrites a value of any type': {
    config: { target: 'a', value: false },
    given: [{ a: 1 }, { a: { b: 2 } }, { a: null }],
    then: [{ a: false }, { a: false }, { a: false }],
  },
  'writes null': {
    config: { target: 'a', value: null },
    given: [{ a: 1 }, {}],
    then: [{ a: null }, { a: null }],
  },
  'writes text as it stands, also when it looks like something else': {
    config: { target: 'a', value: '{{ record.id }} null ${X}' },
    given: [{ id: 1 }],
    then: [{ id: 1, a: '{{ record.id }} null ${X}' }],
  },
  'writes objects and lists': {
    config: { target: 'a', value: { b: [1, { c: null }] } },
    given: [{}, {}],
    then: [{ a: { b: [1, { c: null }] } }, { a: { b: [1, { c: null }] } }],
  },
  'writes below a key that only looks reserved': {
    config: { target: 'meta._errors', value: 1 },
    given: [{}],
    then: [{ meta: { _errors: 1 } }],
  },
  'takes no records': { config: { target: 'a', value: 1 }, given: [], then: [] },
  'refuses to write error markers': {
    config: { target: '_errors[0].code', value: 'X' },
    refuses: { code: 'record.reserved', pointer: '/target' },
  },
  'refuses a key that changes programs': {
    config: { target: 'a.__proto__.b', value: 'X' },
    refuses: { code: 'record.forbidden-key', pointer: '/target' },
  },
  'refuses an empty target': {
    config: { target: '', value: 'X' },
    refuses: { code: 'config.length', pointer: '/target' },
  },
  'needs a value': {
    config: { target: 'a' },
    refuses: { code: 'config.required', pointer: '' },
  },
  'fails where nothing can be written': {
    config: { target: 'lines[x]', value: 1 },
    given: [{ lines: [] }],
    fails: { code: 'set.unwritable' },
  },
});

const { signal } = new AbortController();

describe('a target that nothing can be written to', () => {
  it('is told with the number of the record', () => {
    const filter = set({ target: 'lines[-1]', value: 1 });

    expect(() => filter.each({ record: {}, meta: {} }, signal, 3)).toThrow(
      expect.objectContaining({
        message: 'processing record 3: invalid array index in path: "lines[-1]"',
        category: 'validation',
        pointer: '/target',
        retry: false,
      }),
    );
  });
});

it('gives back the item that it was given', () => {
  const item = { record: { id: 1 }, meta: { key: 'k' } };

  expect(set({ target: 'a', value: 1 }).each(item, signal, 0)).toBe(item);
});
