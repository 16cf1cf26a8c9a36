import type { Context } from '@cannectors/core';
import { alternate, answeringServer } from '@cannectors/testkit/bench';
import { Agent, Pool, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpClient, userAgent } from '../src/index.ts';

const lanes = 64;
const count = 1000;
const forever = new AbortController().signal;

let url = '';
let stop = (): void => {};

beforeAll(async () => {
  ({ url, stop } = await answeringServer());
});
afterAll(() => stop());

/** Sends `count` requests, `lanes` of them at a time. */
async function all(send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await send(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

it('is as fast as undici by hand', async () => {
  const agent = new Agent({ connections: lanes });
  const pool = new Pool(url, { connections: lanes });
  const context = {
    log: { debug() {}, info() {}, warn() {}, error() {} },
    retry: (task: (attempt: number) => Promise<unknown>) => task(1),
  } as unknown as Context;
  const client = httpClient(
    {
      endpoint: `${url}/orders/{{ record.id }}?a=1`,
      headers: {},
      queryParams: {},
      timeoutMs: 30_000,
      maxPageBytes: 1_000_000,
    },
    context,
    { connections: lanes, standardHeaders: userAgent },
  );
  const headers = { 'User-Agent': 'by hand' };

  const path = (id: number) => `/orders/${encodeURIComponent(id)}?a=1`;
  const times = await alternate(
    {
      client: () =>
        all((id) =>
          client.request({ ...client.render({ record: { id } }), method: 'GET' }, forever),
        ),
      request: () =>
        all(async (id) => {
          const { body } = await request(url + path(id), { dispatcher: agent, headers });
          await body.text();
        }),
      pool: () =>
        all(async (id) => {
          const { body } = await pool.request({ path: path(id), method: 'GET', headers });
          await body.text();
        }),
      'request with a timeout signal': () =>
        all(async (id) => {
          const signal = AbortSignal.timeout(30_000);
          const { body } = await request(url + path(id), { dispatcher: agent, headers, signal });
          await body.text();
        }),
    },
    31,
  );
  await Promise.all([agent.close(), pool.close(), client.close()]);

  console.log('times of the client:', times);
  expect(times['request']).toBeGreaterThan(0.9);
}, 300_000);
