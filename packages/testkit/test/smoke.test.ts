import { defineFilter, Fault } from '@cannectors/core';
import { testFilter } from '../src/index.ts';

const plugin = defineFilter<{ target: string; value: string }>({
  config: { type: 'object', properties: { target: { type: 'string' }, value: { default: 'x' } } },
  create({ target, value }) {
    if (target === '_errors') throw new Fault('record.reserved', 'no', { pointer: '/target' });
    return {
      each(item) {
        item.record[target] = value;
        return item;
      },
    };
  },
});

testFilter(plugin, new URL('fixtures/good-filter/test/x.test.ts', import.meta.url).href, {
  passes: { config: { target: 'a' }, given: [{ id: 1 }], then: [{ id: 1, a: 'x' }] },
  refuses: {
    config: { target: '_errors' },
    refuses: { code: 'record.reserved', pointer: '/target' },
  },
});
