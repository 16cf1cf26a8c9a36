import { type Context, itemOf } from '@cannectors/core';
import { alternate, answeringServer } from '@cannectors/testkit/bench';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Config } from '../src/config.ts';
import { httpRequest } from '../src/http-request.ts';

const { signal } = new AbortController();
const items = Array.from({ length: 1024 }, (_, id) =>
  itemOf({ id, customer: { name: 'Ada', city: 'Paris' }, total: id * 1.5, status: 'paid' }),
);
const batch = { items, seq: 0, attempt: 1, failFast: true };
const context = {
  log: { debug() {}, info() {}, warn() {}, error() {} },
  retry: (task: (attempt: number) => Promise<unknown>) => task(1),
} as unknown as Context;

let url = '';
let stop = (): void => {};

beforeAll(async () => {
  ({ url, stop } = await answeringServer());
});
afterAll(() => stop());

function output(more: Partial<Config>) {
  const config = { endpoint: url, method: 'POST', headers: {}, queryParams: {}, timeoutMs: 30_000 };
  return httpRequest(
    { ...config, requestMode: 'single', concurrency: 1, ...more } as Config,
    context,
  );
}

it('sends records one by one as fast as a script', async () => {
  const lanes = 64;
  const agent = new Agent({ connections: lanes });
  const ours = output({
    endpoint: `${url}/orders/{{ record.id }}`,
    method: 'PUT',
    concurrency: lanes,
  });
  const headers = { 'content-type': 'application/json' };

  const times = await alternate(
    {
      output: () => ours.write(batch, signal),
      script: async () => {
        let next = 0;
        const lane = async (): Promise<void> => {
          while (next < items.length) {
            const { record } = items[next++]!;
            const { statusCode, body } = await request(`${url}/orders/${Number(record['id'])}`, {
              dispatcher: agent,
              method: 'PUT',
              headers,
              body: JSON.stringify(record),
            });
            await body.dump();
            if (statusCode !== 200) throw new Error(`${statusCode}`);
          }
        };
        await Promise.all(Array.from({ length: lanes }, lane));
      },
    },
    31,
  );
  await Promise.all([agent.close(), ours.close?.()]);

  console.log('times of the output:', times);
  expect(times['script']).toBeGreaterThan(0.9);
}, 300_000);

it('sends batches as fast as a script', async () => {
  const size = 64;
  const agent = new Agent({ connections: 1 });
  const ours = output({ requestMode: 'batch', batchSize: size });
  const headers = { 'content-type': 'application/json' };

  const times = await alternate(
    {
      output: () => ours.write(batch, signal),
      script: async () => {
        for (let start = 0; start < items.length; start += size) {
          const records = items.slice(start, start + size).map(({ record }) => record);
          const body = JSON.stringify(records);
          const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body });
          await answer.body.dump();
          if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}`);
        }
      },
    },
    31,
  );
  await Promise.all([agent.close(), ours.close?.()]);

  console.log('times of the output:', times);
  expect(times['script']).toBeGreaterThan(0.9);
}, 300_000);
