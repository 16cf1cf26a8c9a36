import type { JsonRecord } from '@cannectors/core';
import { afterAll, beforeAll } from 'vitest';
import { exampleApi, type ExampleApi, testFilter, testInput, testOutput } from '../src/index.ts';
import collect from './fixtures/collect-output/src/index.ts';
import pages from './fixtures/pages-input/src/index.ts';
import upper from './fixtures/upper-filter/src/index.ts';

let api: ExampleApi;
let refused: unknown;
let isFailing = false;
let isStalled = false;

beforeAll(async () => {
  api = await exampleApi({
    data: { things: [] },
    routes: {
      'POST /picky': ({ body }) => {
        if (isStalled) return { never: true };
        if (isFailing) {
          isFailing = false;
          return { status: 503 };
        }
        if (JSON.stringify(body) === JSON.stringify(refused)) return { status: 422 };
        taken.push(body as JsonRecord);
        return { status: 201 };
      },
    },
  });
});
afterAll(() => api.close());

const taken: JsonRecord[] = [];

testFilter(upper, new URL('fixtures/upper-filter/x.test.ts', import.meta.url).href, {
  'leaves what is no text': { config: { target: 'a' }, given: [{ a: 1 }], then: [{ a: 1 }] },
  'refuses to write error markers': {
    config: { target: '_errors' },
    refuses: { code: 'upper.reserved', pointer: '/target' },
  },
  'can insist on the field': {
    config: { target: 'a', onMissing: 'fail' },
    given: [{ a: 'x' }, {}],
    fails: { code: 'upper.missing' },
  },
});

testInput(pages, new URL('fixtures/pages-input/x.test.ts', import.meta.url).href, {
  config: () => ({ endpoint: `${api.url}/offset/things` }),
  arrange(records) {
    api.data['things'] = structuredClone(records) as JsonRecord[];
  },
  example({ config, given }) {
    api.data['things'] = given as JsonRecord[];
    return { config: { ...config, endpoint: `${api.url}/offset/things` } };
  },
});

testOutput(collect, new URL('fixtures/collect-output/x.test.ts', import.meta.url).href, {
  config: () => ({ endpoint: `${api.url}/picky` }),
  arrange() {
    taken.length = 0;
    refused = undefined;
    isFailing = false;
    isStalled = false;
  },
  observe: () => taken,
  refuse(record) {
    refused = record;
  },
  fail() {
    isFailing = true;
  },
  stall() {
    isStalled = true;
    return { reached: api.next('/picky') };
  },
  example({ config }) {
    const before = api.requests.length;
    return {
      config: { ...config, endpoint: `${api.url}/collect` },
      observe: () =>
        api.requests.slice(before).map(({ method, path, text }) => `${method} ${path} ${text}`),
    };
  },
});
