import { testFilter } from '@cannectors/testkit';
import { expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { remove } from '../src/remove.ts';

testFilter(plugin, import.meta.url, {
  'removes a key': {
    config: { target: 'a' },
    given: [{ a: 1, b: 2 }, { b: 2 }, { a: null }],
    then: [{ b: 2 }, { b: 2 }, {}],
  },
  'removes a nested key and leaves the object': {
    config: { target: 'a.b' },
    given: [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }],
    then: [{ a: { c: 2 } }, { a: {} }],
  },
  'removes an element of a list and moves the rest up': {
    config: { target: 'items[0]' },
    given: [{ items: [1, 2, 3] }, { items: [] }, { items: 'abc' }],
    then: [{ items: [2, 3] }, { items: [] }, { items: 'abc' }],
  },
  'removes inside an element': {
    config: { target: 'a.items[1].k' },
    given: [{ a: { items: [{ k: 1 }, { k: 2, l: 3 }] } }],
    then: [{ a: { items: [{ k: 1 }, { l: 3 }] } }],
  },
  'does nothing where there is no object': {
    config: { target: 'a.b' },
    given: [{ a: 'text' }, { a: null }, { a: [1] }, {}],
    then: [{ a: 'text' }, { a: null }, { a: [1] }, {}],
  },
  'removes several, in their order': {
    config: { target: ['items[0]', 'items[1]', 'b'] },
    given: [{ items: [1, 2, 3], b: 1, c: 2 }],
    then: [{ items: [2], c: 2 }],
  },
  'counts a repeated path once': {
    config: { target: ['items[0]', 'items[0]'] },
    given: [{ items: [1, 2, 3] }],
    then: [{ items: [2, 3] }],
  },
  'may remove error markers': {
    config: { target: '_errors' },
    given: [{ id: 1, _errors: [{ code: 'X' }] }],
    then: [{ id: 1 }],
  },
  'removes nothing at a path that leads nowhere': {
    config: { target: ['items[-1]', 'items[x]', 'a..b'] },
    given: [{ items: [1], a: { b: 1 } }],
    then: [{ items: [1], a: { b: 1 } }],
  },
  'takes no records': { config: { target: 'a' }, given: [], then: [] },
  'refuses a key that changes programs': {
    config: { target: 'constructor.name' },
    refuses: { code: 'record.forbidden-key', pointer: '/target' },
  },
  'points at the path of a list that it refuses': {
    config: { target: ['a', 'a', 'b.__proto__'] },
    refuses: { code: 'record.forbidden-key', pointer: '/target/2' },
  },
  'refuses an empty path': {
    config: { target: '' },
    refuses: { code: 'config.length', pointer: '/target' },
  },
  'refuses an empty list': {
    config: { target: [] },
    refuses: { code: 'config.items', pointer: '/target' },
  },
  'needs a target': {
    config: {},
    refuses: { code: 'config.required', pointer: '' },
  },
});

it('gives back the item that it was given', () => {
  const item = { record: { a: 1 }, meta: {} };

  expect(remove({ target: 'a' }).each(item, new AbortController().signal, 0)).toBe(item);
});
