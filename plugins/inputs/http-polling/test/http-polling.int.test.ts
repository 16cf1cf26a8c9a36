import type { JsonRecord } from '@cannectors/core';
import { type ExampleApi, exampleApi, testInput } from '@cannectors/testkit';
import { afterAll, beforeAll } from 'vitest';
import plugin from '../src/index.ts';

let api: ExampleApi;
let isStalled = false;

beforeAll(async () => {
  api = await exampleApi();
});
afterAll(() => api.close());

const base = () => ({
  endpoint: `${api.url}/${isStalled ? 'stalled' : 'offset'}/things`,
  pagination: {
    type: 'offset',
    param: 'offset',
    limitParam: 'limit',
    limit: 4,
    totalField: 'total',
  },
  statePersistence: { offset: { enabled: true, queryParam: 'offset' } },
});

testInput(plugin, import.meta.url, {
  config: base,

  arrange(records) {
    api.data['things'] = [...records];
  },

  stall() {
    isStalled = true;
    return { reached: api.next('/stalled/things').then(() => (isStalled = false)) };
  },

  example({ config, given }) {
    api.data['orders'] = given as JsonRecord[];
    const endpoint = (config['endpoint'] as string).replace('https://api.example.com', api.url);
    return { config: { ...config, endpoint } };
  },

  refuses: {
    'needs to know the number of pages': {
      config: { endpoint: 'https://api.example.com', pagination: { type: 'page', param: 'page' } },
      refuses: { code: 'config.required', pointer: '/pagination' },
    },
  },
});
