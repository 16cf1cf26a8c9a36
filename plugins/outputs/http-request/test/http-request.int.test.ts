import type { Json, JsonRecord } from '@cannectors/core';
import {
  type ApiAnswer,
  type ApiRequest,
  type ExampleApi,
  exampleApi,
  testOutput,
} from '@cannectors/testkit';
import { afterAll, beforeAll } from 'vitest';
import plugin from '../src/index.ts';

let api: ExampleApi;
let arrived: JsonRecord[] = [];
let answer: (request: ApiRequest) => ApiAnswer | undefined = () => undefined;

beforeAll(async () => {
  api = await exampleApi({
    routes: {
      'POST /things': (request) => {
        const refusal = answer(request);
        if (refusal !== undefined) return refusal;
        arrived.push(request.body as JsonRecord);
        return { status: 201 };
      },
    },
  });
});
afterAll(() => api.close());

testOutput(plugin, import.meta.url, {
  config: () => ({ endpoint: `${api.url}/things`, requestMode: 'single' }),

  arrange() {
    arrived = [];
    answer = () => undefined;
  },

  observe: () => arrived,

  refuse(record) {
    answer = ({ body }) =>
      (body as JsonRecord)['id'] === record['id'] ? { status: 422 } : undefined;
  },

  fail() {
    let isFirst = true;
    answer = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return { status: 503 };
    };
  },

  stall() {
    answer = () => ({ never: true });
    return { reached: api.next('/things') };
  },

  example({ config }) {
    const before = api.requests.length;
    const endpoint = (config['endpoint'] as string).replace('https://api.example.com', api.url);
    return {
      config: { ...config, endpoint },
      observe: (): Json =>
        api.requests.slice(before).map(({ method, path, query, body = null }) => ({
          method,
          path,
          query: { ...query },
          body,
        })),
    };
  },

  refuses: {
    'has batches in batch mode only': {
      config: { endpoint: 'https://api.example.com', requestMode: 'single', batchSize: 2 },
      refuses: { code: 'http-request.batch-size', pointer: '/batchSize' },
    },
    'needs a host': {
      config: { endpoint: 'orders' },
      refuses: { code: 'http.bad-url', pointer: '/endpoint' },
    },
    'names headers with tokens': {
      config: { endpoint: 'https://api.example.com', headers: { 'a b': 'c' } },
      refuses: { code: 'http.bad-header', pointer: '/headers/a b' },
    },
    'sends no line breaks in headers': {
      config: { endpoint: 'https://api.example.com', headers: { a: 'b\r\nc: d' } },
      refuses: { code: 'http.bad-header', pointer: '/headers/a' },
    },
    'finds its body': {
      config: { endpoint: 'https://api.example.com', bodyTemplateFile: 'missing.json' },
      refuses: { code: 'http.no-body-file', pointer: '/bodyTemplateFile' },
    },
    'compiles what counts as a success': {
      config: { endpoint: 'https://api.example.com', success: { expression: 'statusCode <' } },
      refuses: { code: 'expression.syntax', pointer: '/success/expression' },
    },
  },
});
