import type { JsonRecord } from '@cannectors/core';
import { type ExampleApi, exampleApi, testFilter } from '@cannectors/testkit';
import { afterAll, beforeAll } from 'vitest';
import plugin from '../src/index.ts';

let api: ExampleApi;

beforeAll(async () => {
  api = await exampleApi({
    routes: {
      'POST /prices': ({ body }) => {
        const { quantity = 0 } = (body ?? {}) as JsonRecord;
        return { body: { data: { price: { total: Number(quantity) * 2.5, currency: 'EUR' } } } };
      },
      'GET /list': () => ({ body: [{ id: 7 }, { id: 8 }] }),
      'GET /none': () => ({ body: 'null' }),
    },
  });
});
afterAll(() => api.close());

const keys = [{ field: 'id', paramType: 'path', paramName: 'id' }];
const header = [{ field: 'id', paramType: 'header', paramName: 'X-Id' }];
const at =
  (path: string, more: JsonRecord = {}) =>
  () => ({
    endpoint: api.url + path,
    keys,
    ...more,
  });

testFilter(
  plugin,
  import.meta.url,
  {
    'merges by default, and the answer wins': {
      config: at('/customers/{id}'),
      given: [{ id: 8, name: 'A.', since: 1843 }],
      then: [{ id: 8, name: 'Ada', since: 1843, email: 'ada8@example.com' }],
    },
    'replaces keys of the root': {
      config: at('/at/{id}/echo', {
        mergeStrategy: 'replace',
        method: 'PUT',
        body: '{"id": {{ record.id }}, "more": {"b": 2}}',
        dataField: 'body',
      }),
      given: [{ id: 1, more: { a: 1 }, kept: true }],
      then: [{ id: 1, more: { b: 2 }, kept: true }],
    },
    'keeps a list that is the whole response': {
      config: at('/list', { keys: header, mergeStrategy: 'append', resultKey: 'found' }),
      given: [{ id: 1 }],
      then: [{ id: 1, found: [{ id: 7 }, { id: 8 }] }],
    },
    'takes null for an object without keys': {
      config: at('/none', { keys: header, mergeStrategy: 'append', resultKey: 'found' }),
      given: [{ id: 1 }],
      then: [{ id: 1, found: {} }],
    },
    'fails for a list that should be merged': {
      config: at('/list', { keys: header }),
      given: [{ id: 1 }],
      fails: { code: 'HTTP_CALL_MERGE_MISMATCH' },
    },
    'fails for a record without the key': {
      config: at('/customers/{id}'),
      given: [{ id: 8 }, { name: 'Ada' }],
      fails: { code: 'HTTP_CALL_KEY_EXTRACT' },
    },
    'fails for what is not found': {
      config: at('/customers/{id}'),
      given: [{ id: 0 }],
      fails: { code: 'HTTP_CALL_HTTP_ERROR' },
    },
    'needs a key or a body': {
      config: { endpoint: 'https://api.example.com/customers' },
      refuses: { code: 'http-call.nothing-asked', pointer: '/keys' },
    },
    'needs more than an empty list of keys': {
      config: { endpoint: 'https://api.example.com/customers', keys: [] },
      refuses: { code: 'http-call.nothing-asked', pointer: '/keys' },
    },
    'checks keys beside a body too': {
      config: {
        endpoint: 'https://api.example.com/customers',
        body: '{}',
        keys: [{ field: 'a.__proto__', paramType: 'query', paramName: 'a' }],
      },
      refuses: { code: 'record.forbidden-key', pointer: '/keys/0/field' },
    },
    'needs a key to append under': {
      config: { endpoint: 'https://api.example.com/{id}', keys, mergeStrategy: 'append' },
      refuses: { code: 'call.no-result-key', pointer: '/mergeStrategy' },
    },
    'appends no error markers': {
      config: {
        endpoint: 'https://api.example.com/{id}',
        keys,
        mergeStrategy: 'append',
        resultKey: '_errors',
      },
      refuses: { code: 'record.reserved', pointer: '/resultKey' },
    },
    'finds a bad body template early': {
      config: { endpoint: 'https://api.example.com/', body: '{{ record. }}' },
      refuses: { code: 'template.syntax', pointer: '/body' },
    },
    'finds a body file that is not there early': {
      config: { endpoint: 'https://api.example.com/', bodyTemplateFile: 'nowhere.json' },
      refuses: { code: 'http.no-body-file', pointer: '/bodyTemplateFile' },
    },
  },
  {
    exampleConfig: (config) => ({
      ...config,
      endpoint: (config['endpoint'] as string).replace('https://api.example.com', api.url),
    }),
  },
);
