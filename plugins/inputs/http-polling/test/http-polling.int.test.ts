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
    'needs to know where the next link stands': {
      config: { endpoint: 'https://api.example.com', pagination: { type: 'link', param: 'page' } },
      refuses: { code: 'config.required', pointer: '/pagination' },
    },
    'needs what its kind of authentication needs': {
      config: {
        endpoint: 'https://api.example.com',
        authentication: { type: 'bearer', credentials: {} },
      },
      refuses: { code: 'config.required', pointer: '/authentication/credentials' },
    },
    'takes no credential of another kind': {
      config: {
        endpoint: 'https://api.example.com',
        authentication: { type: 'bearer', credentials: { token: 't', username: 'ada' } },
      },
      refuses: { code: 'config.unknown-key', pointer: '/authentication/credentials/username' },
    },
    'knows the kinds of authentication': {
      config: {
        endpoint: 'https://api.example.com',
        authentication: { type: 'digest', credentials: {} },
      },
      refuses: { code: 'config.enum', pointer: '/authentication/type' },
    },
    'knows the kinds of pagination': {
      config: { endpoint: 'https://api.example.com', pagination: { type: 'pages' } },
      refuses: { code: 'config.enum', pointer: '/pagination/type' },
    },
    'needs an address for tokens': {
      config: {
        endpoint: 'https://api.example.com',
        authentication: {
          type: 'oauth2',
          credentials: { tokenUrl: 'token', clientId: 'a', clientSecret: 'b' },
        },
      },
      refuses: { code: 'http.bad-url', pointer: '/authentication/credentials/tokenUrl' },
    },
    'needs the field of an id': {
      config: { endpoint: 'https://api.example.com', statePersistence: { id: { enabled: true } } },
      refuses: { code: 'config.required', pointer: '/statePersistence/id' },
    },
    'needs to know the number of pages': {
      config: { endpoint: 'https://api.example.com', pagination: { type: 'page', param: 'page' } },
      refuses: { code: 'config.required', pointer: '/pagination' },
    },
  },
});
