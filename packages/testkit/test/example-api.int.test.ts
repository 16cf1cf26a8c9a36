import { Buffer } from 'node:buffer';
import type { JsonRecord } from '@cannectors/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ExampleApi,
  exampleApi,
  type ExampleApiOptions,
  exampleCredentials,
} from '../src/index.ts';

async function started(options?: ExampleApiOptions): Promise<ExampleApi> {
  const api = await exampleApi(options);
  onTestFinished(() => api.close());
  return api;
}

async function jsonOf(url: string, init?: RequestInit): Promise<JsonRecord> {
  return (await (await fetch(url, init)).json()) as JsonRecord;
}

describe('the example API', () => {
  it('gives a whole collection, and leaves out what is older', async () => {
    const { url } = await started();

    expect((await jsonOf(`${url}/orders`))['data']).toHaveLength(95);
    expect((await jsonOf(`${url}/orders?after_id=90`))['data']).toHaveLength(5);
    const later = await jsonOf(`${url}/orders?updated_after=2026-01-04T20:00:00Z`);
    expect((later['data'] as JsonRecord[]).map(({ id }) => id)).toEqual([93, 94, 95]);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it('gives one record of a collection by its id', async () => {
    const { url } = await started();

    expect(await jsonOf(`${url}/customers/7`)).toMatchObject({ id: 7, name: 'Radia' });
    expect((await jsonOf(`${url}/bearer/customers/7`))['error']).toBe('unauthorized');
    expect((await fetch(`${url}/customers/41`)).status).toBe(404);
    expect((await fetch(`${url}/customers/__proto__`)).status).toBe(404);
  });

  it.each([
    ['page', (n: number) => `page=${n + 1}`],
    ['offset', (n: number) => `offset=${n * 40}`],
  ])('pages by %s', async (way, query) => {
    const { url } = await started();
    const pages = [0, 1, 2].map((n) => jsonOf(`${url}/${way}/orders?limit=40&${query(n)}`));

    const records = (await Promise.all(pages)).flatMap(({ data }) => data as JsonRecord[]);

    expect(records.map(({ id }) => id)).toEqual(
      Array.from({ length: 95 }, (_, index) => index + 1),
    );
  });

  it('pages by cursor, and by link', async () => {
    const { url } = await started();
    const first = await jsonOf(`${url}/cursor/customers?limit=30`);
    const second = await jsonOf(
      `${url}/cursor/customers?limit=30&cursor=${first['next_cursor'] as string}`,
    );
    const linked = await fetch(`${url}/link/customers?limit=30`);

    expect([first['data'], second['data']].flat()).toHaveLength(40);
    expect(second['next_cursor']).toBeNull();
    const [, next] = /<(.+)>; rel="next"/.exec(linked.headers.get('link') ?? '') ?? [];
    const rest = await jsonOf(`${url}${next}`);
    expect(rest).toMatchObject({ next: null });
    expect(rest['data']).toHaveLength(10);
  });

  it.each<[string, Record<string, string>]>([
    ['bearer', { authorization: `Bearer ${exampleCredentials.token}` }],
    [
      'basic',
      { authorization: `Basic ${Buffer.from('example:example-secret').toString('base64')}` },
    ],
    ['api-key', { 'x-api-key': exampleCredentials.key }],
  ])('asks for credentials: %s', async (guard, headers) => {
    const { url } = await started();

    expect((await fetch(`${url}/${guard}/orders`)).status).toBe(401);
    expect((await fetch(`${url}/${guard}/page/orders`, { headers })).status).toBe(200);
  });

  it('gives tokens to clients that it knows', async () => {
    const { url } = await started();
    const ask = (secret: string): Promise<Response> =>
      fetch(`${url}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'example',
          client_secret: secret,
        }),
      });

    expect((await ask('wrong')).status).toBe(401);
    const { access_token: token } = (await (await ask('example-secret')).json()) as Record<
      string,
      string
    >;
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/oauth2/orders`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/oauth2/orders`)).status).toBe(401);
  });

  it.each([
    ['flaky', [503, 200, 503]],
    ['limited', [429, 200, 429]],
    ['broken', [500, 500]],
    ['refused', [422, 422]],
    ['slow', [200]],
  ])('behaves badly: %s', async (word, statuses) => {
    const { url } = await started();

    for (const status of statuses) {
      expect((await fetch(`${url}/${word}/orders`)).status).toBe(status);
    }
  });

  it('breaks in the middle of an answer, sends what is no JSON, or never answers', async () => {
    const api = await started();
    const abort = new AbortController();

    await expect(jsonOf(`${api.url}/garbled/orders`)).rejects.toThrow(SyntaxError);
    await expect(jsonOf(`${api.url}/cut/orders`)).rejects.toThrow('terminated');
    const next = api.next('/stalled/orders');
    const stalled = fetch(`${api.url}/stalled/orders`, { signal: abort.signal });
    await next;
    abort.abort();
    await expect(stalled).rejects.toThrow('aborted');
  });

  it('remembers requests, and collects records', async () => {
    const api = await started();
    const body = JSON.stringify([{ id: 1 }, { id: 2 }]);

    await fetch(`${api.url}/collect?from=test`, {
      method: 'POST',
      body,
      headers: { 'x-trace': 'a' },
    });
    await fetch(`${api.url}/collect`, { method: 'PUT', body: '{"id":3}' });
    const echo = await jsonOf(`${api.url}/echo?a=1`, { method: 'POST', body: 'text' });

    expect(api.collected).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(api.requests[0]).toMatchObject({
      method: 'POST',
      path: '/collect',
      query: { from: 'test' },
      headers: { 'x-trace': 'a' },
    });
    expect(echo).toMatchObject({ method: 'POST', query: { a: '1' }, body: 'text' });
  });

  it('answers as a test wants it to', async () => {
    const { url } = await started({
      data: { things: [{ id: 1 }] },
      routes: { 'GET /mine': ({ query }) => ({ status: 418, body: { ...query } }) },
    });

    expect((await fetch(`${url}/mine?a=1`)).status).toBe(418);
    expect(await jsonOf(`${url}/things`)).toEqual({ data: [{ id: 1 }] });
    expect((await fetch(`${url}/orders`)).status).toBe(404);
  });
});
