import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Fault, type JsonRecord } from '@cannectors/core';
import { until } from '@cannectors/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { classifier } from '../src/classifier.ts';
import type { Config } from '../src/config.ts';
import { cacheOf, filterFor, said, server } from './asking.ts';

const retry: NonNullable<Config['retry']> = {
  maxAttempts: 3,
  delayMs: 1,
  backoffMultiplier: 2,
  maxDelayMs: 10,
  useRetryAfterHeader: false,
  retryHintFromBody: '',
  jitter: false,
};

it.each([
  [400, 'validation', false],
  [401, 'authentication', false],
  [404, 'not_found', false],
  [418, 'validation', false],
  [429, 'rate_limit', true],
  [500, 'server', true],
  [503, 'server', true],
])('says of %i what kind of failure it is', async (status, category, isTransient) => {
  const { endpoint, requests } = await server(() => ({ status, body: '{"error": "why"}' }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toMatchObject({
    code: 'HTTP_CALL_HTTP_ERROR',
    category,
    retry: isTransient,
    statusCode: status,
    message: expect.stringContaining(`http_call HTTP error ${status}: {"error": "why"}`) as string,
    details: { attempts: 1, method: 'GET' },
  });
  expect(requests).toHaveLength(1);
});

it('uses the words of all modules for wrong credentials', async () => {
  const { endpoint } = await server(() => ({ status: 401, body: 'no' }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toThrow('authentication error (status 401)');
});

it('quotes at most 200 bytes of an answer, no secret and no half character', async () => {
  const secret = 's3cret-token';
  const urls = 'https://user:pw@x.example/a?key=k#f "https:\\/\\/user:pw@x.example\\/b?key=k"';
  const body = `${secret} ${urls} ${'é'.repeat(500)}`;
  const { endpoint } = await server(() => ({ status: 500, body }));
  const { each } = filterFor({
    endpoint,
    authentication: { type: 'bearer', credentials: { token: secret } },
  });

  const [result] = await each([{ id: 1 }]);

  const { message } = (result as PromiseRejectedResult).reason as Fault;
  const quoted = message.replace('http_call HTTP error 500: ', '');
  expect(quoted).toMatch(/^\*\*\* https:\/\/x\.example\/a "https:\/\/x\.example\/b" é+$/);
  expect(Buffer.byteLength(quoted)).toBeLessThanOrEqual(200);
  expect(JSON.stringify(result)).not.toMatch(/s3cret|pw@|key=k/);
});

it('speaks of the status where the server says nothing', async () => {
  const { endpoint } = await server(() => ({ status: 404, body: '' }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toThrow(/^http_call HTTP error 404: .*404 Not Found$/);
});

it('tries again as it is told, and tells how often', async () => {
  const { endpoint, requests } = await server((_request, count) =>
    count < 3 ? { status: 503, body: {} } : { body: { a: 1 } },
  );
  const lucky = filterFor({ endpoint, retry }, { maxRetries: 3 });
  const down = await server(() => ({ status: 503, body: {} }));
  const unlucky = filterFor({ endpoint: down.endpoint, retry }, { maxRetries: 3 });

  expect(await lucky.one({ id: 1 })).toEqual({ id: 1, a: 1 });
  expect(requests).toHaveLength(3);
  await expect(unlucky.one({ id: 1 })).rejects.toMatchObject({ details: { attempts: 4 } });
  expect(down.requests).toHaveLength(4);
});

it('tries again when a success asks for it in its body', async () => {
  const { endpoint, requests } = await server((_request, count) =>
    count === 1 ? { body: { status: 'pending' } } : { body: { status: 'done' } },
  );
  const hint = { ...retry, retryHintFromBody: 'body.status == "pending"' };
  const { one } = filterFor({ endpoint, retry: hint }, { maxRetries: 1 });

  expect(await one({ id: 1 })).toEqual({ id: 1, status: 'done' });
  expect(requests).toHaveLength(2);
});

it('counts the attempts of each call by itself', async () => {
  const { endpoint } = await server(({ path }) =>
    path.endsWith('0') ? { status: 404, body: {} } : { status: 503, body: {} },
  );
  const { each } = filterFor({ endpoint, retry, concurrency: 8 }, { maxRetries: 2 });

  const results = await each(Array.from({ length: 8 }, (_, id) => ({ id: id % 2 })));

  expect(
    results.map((one) => ((one as PromiseRejectedResult).reason as Fault).details['attempts']),
  ).toEqual([1, 3, 1, 3, 1, 3, 1, 3]);
});

it('waits no longer than it may', async () => {
  const { endpoint } = await server(() => ({ never: true }));
  const { one } = filterFor({ endpoint, timeoutMs: 50 });

  await expect(one({ id: 1 })).rejects.toMatchObject({
    code: 'HTTP_CALL_HTTP_ERROR',
    category: 'network',
    retry: true,
    statusCode: undefined,
    message: 'http_call HTTP request failed: network error: request timeout',
    details: { attempts: 1 },
  });
});

it('fails when a body breaks off', async () => {
  const { endpoint } = await server(() => ({ body: { a: 'b' }, cut: true }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id: 1 })).rejects.toMatchObject({
    category: 'network',
    message: expect.stringContaining('reading response body') as string,
  });
});

it('fails when nobody is there, and when no HTTP is spoken', async () => {
  const garbage = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('this is not HTTP\r\n\r\n');
  });
  await new Promise<void>((resolve) => {
    garbage.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void garbage.close());
  const { port } = garbage.address() as AddressInfo;

  for (const at of ['127.0.0.1:1', `127.0.0.1:${port}`]) {
    const { one } = filterFor({ endpoint: `http://${at}/{id}` });
    await expect(one({ id: 1 })).rejects.toMatchObject({
      code: 'HTTP_CALL_HTTP_ERROR',
      category: 'network',
      message: expect.stringMatching(/^http_call HTTP request failed: network error: /) as string,
    });
  }
});

it('follows a redirect, and takes no credentials to another host', async () => {
  const other = await server(() => ({ body: { found: true } }));
  const { url, requests } = await server(({ path }) => {
    if (path === '/moved') return { body: { found: true } };
    const location = path === '/1' ? '/moved' : `${other.url}/elsewhere`;
    return { status: 302, headers: { location }, body: '' };
  });
  const { ask } = filterFor({
    endpoint: `${url}/{id}`,
    headers: { 'X-Api-Key': 's3cret' },
    authentication: { type: 'bearer', credentials: { token: 's3cret' } },
    allowedHosts: [new URL(other.url).host],
  });

  expect(await ask([{ id: 1 }, { id: 2 }])).toEqual([
    { id: 1, found: true },
    { id: 2, found: true },
  ]);
  expect(requests.map(({ path }) => path)).toEqual(['/1', '/moved', '/2']);
  expect(requests[1]?.headers['authorization']).toBe('Bearer s3cret');
  expect(other.requests[0]?.headers).not.toHaveProperty('authorization');
});

it('follows no circle of redirects, and none to a private address', async () => {
  const { url } = await server(({ path }) => ({
    status: 302,
    headers: { location: path },
    body: '',
  }));
  const hidden = await server(() => ({ body: { secret: 1 } }));
  const traitor = await server(() => ({
    status: 307,
    headers: { location: hidden.url },
    body: '',
  }));

  const circle = filterFor({ endpoint: `${url}/{id}` });
  const inside = filterFor({ endpoint: traitor.endpoint });

  await expect(circle.one({ id: 1 })).rejects.toMatchObject({ code: 'http.too-many-redirects' });
  await expect(inside.one({ id: 1 })).rejects.toMatchObject({ code: 'http.blocked-address' });
  expect(hidden.requests).toEqual([]);
});

it('replaces a refused OAuth2 token, once for all and without a retry block', async () => {
  let tokens = 0;
  const { url, endpoint, requests } = await server(({ path, headers }) => {
    if (path === '/token') return { body: { access_token: `t${++tokens}`, expires_in: 3600 } };
    return headers['authorization'] === 'Bearer t1'
      ? { status: 401, body: {} }
      : { body: { a: 1 } };
  });
  const { one } = filterFor({
    endpoint,
    authentication: {
      type: 'oauth2',
      credentials: { tokenUrl: `${url}/token`, clientId: 'me', clientSecret: url },
    },
  });

  expect(await one({ id: 1 })).toEqual({ id: 1, a: 1 });
  expect(requests.map(({ path }) => path)).toEqual(['/token', '/things/1', '/token', '/things/1']);
});

it('says that credentials are wrong when a new token is refused too', async () => {
  const { url, endpoint } = await server(({ path }) =>
    path === '/token'
      ? { body: { access_token: 'any', expires_in: 3600 } }
      : { status: 401, body: {} },
  );
  const credentials = { tokenUrl: `${url}/token`, clientId: 'me', clientSecret: url };
  const { one, context } = filterFor({ endpoint, authentication: { type: 'oauth2', credentials } });

  await expect(one({ id: 1 })).rejects.toMatchObject({
    category: 'authentication',
    statusCode: 401,
    message: expect.stringContaining('OAuth2 credentials appear invalid') as string,
  });
  expect(said(context, 'warn')).toHaveLength(1);
});

it('stops at once when the run is stopped, also those who only wait for an answer', async () => {
  const { endpoint, requests } = await server(() => ({ never: true }));
  const stop = new AbortController();
  const { filter, ask } = filterFor({ endpoint, concurrency: 4, cache: cacheOf() });
  const asking = ask(
    Array.from({ length: 8 }, () => ({ id: 1 })),
    stop.signal,
  );
  await until(() => requests.length === 1, 'a request is on its way');

  stop.abort(new Fault('run.cancelled', 'Enough.'));

  await expect(asking).rejects.toThrow('request cancelled');
  await filter.close?.();
});

it('has as many calls in flight as it may, and keeps the order', async () => {
  const { endpoint, mosts } = await slowest(4, 32);
  const { ask } = filterFor({ endpoint, concurrency: 4 });

  const given = await ask(Array.from({ length: 32 }, (_, id) => ({ id })));

  expect(given.map(({ of }) => of)).toEqual(Array.from({ length: 32 }, (_, id) => `/${id}`));
  expect(Math.max(...mosts)).toBe(4);
});

it.each<[number, Config['errorClassification'], JsonRecord]>([
  [404, { functional: [404] }, { category: 'not_found', retry: false }],
  [401, { functional: [401] }, { category: 'authentication', retry: false }],
  [503, { functional: [503] }, { category: 'validation', retry: false }],
  [429, { functional: [429] }, { category: 'validation', retry: false }],
  [404, { technical: [404] }, { category: 'server', retry: true }],
  [429, { technical: [429] }, { category: 'rate_limit', retry: true }],
  [503, { technical: [503] }, { category: 'server', retry: true }],
  [409, { functional: [409], technical: [409] }, { category: 'validation', retry: false }],
  [500, { functional: [404], technical: [409] }, { category: 'server', retry: true }],
  [404, undefined, { category: 'not_found', retry: false }],
])('marks %i under %j', async (status, errorClassification, marked) => {
  const { endpoint, requests } = await server(() => ({ status, body: '{}' }));
  const { filter, each } = filterFor(
    { endpoint, retry, ...(errorClassification !== undefined && { errorClassification }) },
    { maxRetries: 1 },
  );

  const [result] = await each([{ id: 1 }]);

  const { reason } = result as PromiseRejectedResult & { reason: Fault };
  expect(filter.marked?.(reason)).toMatchObject({
    ...marked,
    code: 'HTTP_CALL_HTTP_ERROR',
    message: reason.message,
    statusCode: status,
    details: { attempts: reason.retry === false ? 1 : 2 },
  });
  // Only the marker changes: what is worth another try is not asked of it.
  expect(requests).toHaveLength(status === 429 || status >= 500 ? 2 : 1);
});

it('classifies nothing that has no status', () => {
  const fault = new Fault('HTTP_CALL_JSON_PARSE', 'No.', { category: 'validation' });

  expect(classifier({ technical: [404] })(fault)).toBe(fault);
});

/** A server that answers when so many requests wait, the last one first; `total` are to come. */
async function slowest(count: number, total: number) {
  const waiting: (() => void)[] = [];
  const mosts: number[] = [];
  let left = total;
  const web = createWebServer((request, response) => {
    waiting.push(() => response.end(JSON.stringify({ of: request.url })));
    mosts.push(waiting.length);
    if (waiting.length < Math.min(count, left)) return;
    left -= waiting.length;
    for (const answer of waiting.splice(0).toReversed()) answer();
  });
  await new Promise<void>((resolve) => {
    web.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  return { endpoint: `http://127.0.0.1:${(web.address() as AddressInfo).port}/{id}`, mosts };
}
