import { type Context, itemOf } from '@cannectors/core';
import { alternate, answeringServer } from '@cannectors/testkit/bench';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Config } from '../src/config.ts';
import { httpCall } from '../src/http-call.ts';

const { signal } = new AbortController();
const lanes = 32;
const context = {
  log: { debug() {}, info() {}, warn() {}, error() {} },
  retry: (task: (attempt: number) => Promise<unknown>) => task(1),
} as unknown as Context;

let url = '';
let stop = (): void => {};

beforeAll(async () => {
  ({ url, stop } = await answeringServer({ delayMs: 5 }));
});
afterAll(() => stop());

function filterOf(concurrency: number) {
  const config: Config = {
    endpoint: `${url}/customers/{id}`,
    method: 'GET',
    keys: [{ field: 'customer.id', paramType: 'path', paramName: 'id' }],
    headers: {},
    queryParams: {},
    timeoutMs: 30_000,
    maxPageBytes: 1_000_000,
    mergeStrategy: 'append',
    resultKey: 'customer',
    concurrency,
  };
  return httpCall(config, context);
}

/** Asks for so many records, as many at a time as there are lanes. */
async function all(
  count: number,
  width: number,
  ask: (id: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await ask(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

const recordOf = (id: number) => ({ id, customer: { id, name: 'Ada' }, status: 'paid' });

it('gains by calls at the same time what they wait', async () => {
  const one = filterOf(1);
  const many = filterOf(lanes);
  const count = 256;

  const times = await alternate(
    {
      many: () => all(count, lanes, async (id) => many.each(itemOf(recordOf(id)), signal, id)),
      one: () => all(count, 1, async (id) => one.each(itemOf(recordOf(id)), signal, id)),
    },
    9,
  );
  await Promise.all([one.close?.(), many.close?.()]);

  console.log(`times of ${lanes} calls at a time:`, times);
  expect(times['one']).toBeGreaterThan(20);
}, 300_000);

it('is as fast as a script', async () => {
  const ours = filterOf(lanes);
  const agent = new Agent({ connections: lanes });
  const headers = { accept: 'application/json' };
  const count = 1024;

  const times = await alternate(
    {
      filter: () => all(count, lanes, async (id) => ours.each(itemOf(recordOf(id)), signal, id)),
      script: () =>
        all(count, lanes, async (id) => {
          const record: Record<string, unknown> = recordOf(id);
          const { statusCode, body } = await request(`${url}/customers/${id}`, {
            dispatcher: agent,
            headers,
          });
          if (statusCode >= 400) throw new Error(`${statusCode}`);
          record['customer'] = await body.json();
        }),
    },
    31,
  );
  await Promise.all([agent.close(), ours.close?.()]);

  console.log('times of the filter:', times);
  expect(times['script']).toBeGreaterThan(0.9);
}, 300_000);
