import { randomUUID } from 'node:crypto';
import { itemOf } from '@cannectors/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, type HttpConfig, httpClient } from '../src/index.ts';
import { configFor, contextWith } from './context.ts';
import { json, serve, serveRaw } from './serve.ts';

const forever = new AbortController().signal;
const empty = { record: {} };

function clientFor(
  endpoint: string,
  more: Partial<HttpConfig> = {},
  options: ClientOptions = {},
  maxRetries = 3,
) {
  const { context, lines, waits } = contextWith(maxRetries);
  const retry = { ...more.retry, maxAttempts: maxRetries } as HttpConfig['retry'];
  const client = httpClient(configFor(endpoint, { ...more, retry }), context, options);
  onTestFinished(() => client.close());
  const ask = (scope = empty) =>
    client.request({ ...client.render(scope), method: 'GET' }, forever);
  return { client, lines, waits, ask };
}

describe('a status that is no success', () => {
  it.each([
    [400, 'validation', false, 'validation error (status 400): 400 Bad Request'],
    [401, 'authentication', false, 'authentication error (status 401): 401 Unauthorized'],
    [403, 'authentication', false, 'authentication error (status 403): 403 Forbidden'],
    [404, 'not_found', false, 'not found error (status 404): 404 Not Found'],
    [408, 'validation', false, 'validation error (status 408): 408 Request Timeout'],
    [422, 'validation', false, 'validation error (status 422): 422 Unprocessable Entity'],
    [429, 'rate_limit', true, 'rate limit error (status 429): 429 Too Many Requests'],
    [500, 'server', true, 'server error (status 500): 500 Internal Server Error'],
    [501, 'server', false, 'server error (status 501): 501 Not Implemented'],
    [503, 'server', true, 'server error (status 503): 503 Service Unavailable'],
  ])('%d is %s', async (status, category, retry, message) => {
    const server = await serve((response) => json(response, {}, status));
    const { ask } = clientFor(`${server.url}/x?token=secret`, {}, {}, 0);

    await expect(ask()).rejects.toMatchObject({
      code: 'http.status',
      category,
      retry,
      message,
      statusCode: status,
      details: { method: 'GET', endpoint: `${server.url}/x` },
    });
  });

  it('is tried again as often as the policy says', async () => {
    const server = await serve((response) => json(response, {}, 503));
    const { ask, waits } = clientFor(server.url);

    await expect(ask()).rejects.toMatchObject({ statusCode: 503 });

    expect(server.seen).toHaveLength(4);
    expect(waits).toStrictEqual([true, true, true]);
  });

  it.each([
    [[408, 503], 408, 2],
    [[408], 503, 1],
    [[], 501, 2],
    [[], 404, 1],
  ])('is tried again by the list %j alone: %d, %d requests', async (codes, status, requests) => {
    const server = await serve((response) => json(response, {}, status));
    const retry = { retryableStatusCodes: codes } as unknown as HttpConfig['retry'];
    const { ask } = clientFor(server.url, { retry }, {}, 1);

    await expect(ask()).rejects.toMatchObject({ statusCode: status });
    expect(server.seen).toHaveLength(requests);
  });

  it('says nothing of secrets that a server repeats', async () => {
    const server = await serve((response) => {
      response.writeHead(400, 'token s3cret-token is wrong').end('got s3cret-token');
    });
    const authentication = { type: 'bearer', credentials: { token: 's3cret-token' } } as const;
    const { ask } = clientFor(server.url, { authentication }, { snippet: 500 });

    await expect(ask()).rejects.toMatchObject({
      message: 'validation error (status 400): 400 token *** is wrong',
      details: { response_body: 'got ***' },
    });
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    ['3600', 30_000],
    ['-1', true],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['', true],
  ])('%j becomes a wait of %j', async (value, wait) => {
    const server = await serve((response, _seen, count) => {
      if (count === 1) response.setHeader('retry-after', value);
      json(response, {}, count === 1 ? 429 : 200);
    });
    const retry = { useRetryAfterHeader: true } as HttpConfig['retry'];
    const { ask, waits } = clientFor(server.url, { retry });

    await ask();

    expect(waits).toStrictEqual([wait]);
  });

  it('does not count unless it is asked for', async () => {
    const server = await serve((response, _seen, count) => {
      response.setHeader('retry-after', '7');
      json(response, {}, count === 1 ? 503 : 200);
    });
    const { ask, waits } = clientFor(server.url);

    await ask();

    expect(waits).toStrictEqual([true]);
  });
});

describe('a retry hint', () => {
  const hint = (expression: string) =>
    ({ retry: { retryHintFromBody: expression } as HttpConfig['retry'] }) as const;

  it.each([
    [503, { again: false }, 1],
    [503, { again: true }, 2],
    [404, { again: true }, 1],
    [200, { again: true }, 2],
    [200, { again: false }, 1],
    [503, 'text', 2],
    [503, {}, 2],
    [503, { again: 'yes' }, 2],
  ])('status %d with %j makes %d requests', async (status, body, requests) => {
    const server = await serve((response) => json(response, body, status));
    const { ask } = clientFor(server.url, hint('body.again'), {}, 1);

    await ask().catch(() => {});

    expect(server.seen).toHaveLength(requests);
  });

  it('that a success never takes back is the result', async () => {
    const server = await serve((response) => json(response, { again: true }));
    const { ask } = clientFor(server.url, hint('body.again'), {}, 1);

    await expect(ask()).rejects.toMatchObject({ code: 'http.retry-asked', category: 'server' });
  });

  it('is ignored with a warning when the body cannot be asked', async () => {
    const server = await serve((response) => response.writeHead(503).end('<html>'));
    const { ask, lines } = clientFor(server.url, hint('body.again'), {}, 0);

    await ask().catch(() => {});

    expect(lines).toMatchObject([{ level: 'warn', message: 'retry hint ignored' }]);
  });

  it('is ignored without a word when the body is empty', async () => {
    const server = await serve((response) => response.writeHead(503).end());
    const { ask, lines } = clientFor(server.url, hint('body.again'), {}, 0);

    await ask().catch(() => {});

    expect(lines).toStrictEqual([]);
  });

  it('is compiled when the pipeline is checked', () => {
    const retry = { retryHintFromBody: 'body ==' } as HttpConfig['retry'];

    expect(() => httpClient(configFor('http://a', { retry }), contextWith().context)).toThrow(
      expect.objectContaining({ pointer: '/retry/retryHintFromBody' }),
    );
  });
});

describe('authentication', () => {
  it.each([
    [{ type: 'bearer', credentials: { token: 'a b' } }, { authorization: 'Bearer a b' }],
    [
      { type: 'basic', credentials: { username: 'adä', password: 'p:w' } },
      { authorization: `Basic ${Buffer.from('adä:p:w').toString('base64')}` },
    ],
    [{ type: 'api-key', credentials: { key: 'k' } }, { 'x-api-key': 'k' }],
    [{ type: 'api-key', credentials: { key: 'k', headerName: 'X-Mine' } }, { 'x-mine': 'k' }],
  ] as [NonNullable<HttpConfig['authentication']>, object][])(
    '%j sends %j',
    async (authentication, headers) => {
      const server = await serve((response) => json(response, {}));
      const own = { Authorization: 'own', 'x-mine': 'own', 'X-API-KEY': 'own' };
      const { ask } = clientFor(server.url, { authentication, headers: own });

      await ask();

      expect(server.seen[0]?.headers).toMatchObject(headers);
    },
  );

  it('sets the API key in the query, and touches nothing else there', async () => {
    const server = await serve((response) => json(response, {}));
    const authentication = {
      type: 'api-key',
      credentials: { key: 'k&1', location: 'query', paramName: 'key' },
    } as const;
    const queryParams = { key: 'own', a: 'b c' };
    const { ask } = clientFor(`${server.url}/x?key=old&q=%2f`, { authentication, queryParams });

    await ask();

    expect(server.seen[0]?.url).toBe('/x?q=%2f&a=b%20c&key=k%261');
  });

  it('takes user and password of the endpoint, unless there is another', async () => {
    const server = await serve((response) => json(response, {}));
    const endpoint = server.url.replace('//', '//ada:p%40ss@');
    const authentication = { type: 'bearer', credentials: { token: 't' } } as const;

    await clientFor(endpoint).ask();
    await clientFor(endpoint, { authentication }).ask();

    expect(server.seen.map(({ headers }) => headers.authorization)).toStrictEqual([
      `Basic ${Buffer.from('ada:p@ss').toString('base64')}`,
      'Bearer t',
    ]);
  });
});

describe('OAuth2', () => {
  /** A token endpoint at `/token`, with credentials that no other test has. */
  async function oauth(
    answer: (path: string, authorization: string | undefined, count: number) => [number, unknown],
  ) {
    const server = await serve((response, { url, headers }, count) => {
      const [status, body] = answer(url, headers.authorization, count);
      json(response, body, status);
    });
    const authentication = {
      type: 'oauth2',
      credentials: {
        tokenUrl: `${server.url}/token`,
        clientId: randomUUID(),
        clientSecret: 's3cret/+',
        scope: 'read write',
      },
    } as const;
    const paths = () => server.seen.map(({ url }) => url);
    return { server, authentication, paths };
  }
  const token = (value: string, seconds = 3600) => ({ access_token: value, expires_in: seconds });

  it('asks for a token with the credentials in a form, and sends it', async () => {
    const { server, authentication } = await oauth((path) => [
      200,
      path === '/token' ? token('t1') : {},
    ]);
    const { ask } = clientFor(`${server.url}/x`, { authentication });

    await ask();

    const [asked, sent] = server.seen;
    expect(asked).toMatchObject({ method: 'POST', url: '/token' });
    expect(asked?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(asked?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toStrictEqual({
      grant_type: 'client_credentials',
      client_id: authentication.credentials.clientId,
      client_secret: 's3cret/+',
      scope: 'read write',
    });
    expect(sent?.headers.authorization).toBe('Bearer t1');
  });

  it('shares a token between modules, and a request between those that wait', async () => {
    const { server, authentication, paths } = await oauth((path) => [
      200,
      path === '/token' ? token('t1') : {},
    ]);
    const one = clientFor(`${server.url}/x`, { authentication });
    const two = clientFor(`${server.url}/x`, { authentication });

    await Promise.all([one.ask(), two.ask(), one.ask()]);
    await two.ask();

    expect(paths().filter((path) => path === '/token')).toHaveLength(1);
    expect(paths()).toHaveLength(5);
  });

  it('never uses a token again that runs out within a minute', async () => {
    const { server, authentication, paths } = await oauth((path) => [
      200,
      path === '/token' ? token('t', 1) : {},
    ]);
    const { ask } = clientFor(`${server.url}/x`, { authentication });

    await ask();
    await ask();

    expect(paths()).toStrictEqual(['/token', '/x', '/token', '/x']);
  });

  it('warns of a token without an end, and keeps it', async () => {
    const { server, authentication, paths } = await oauth((path) => [
      200,
      path === '/token' ? { access_token: 't' } : {},
    ]);
    const { ask, lines } = clientFor(`${server.url}/x`, { authentication });

    await ask();
    await ask();

    expect(paths()).toStrictEqual(['/token', '/x', '/x']);
    expect(lines).toMatchObject([
      { level: 'warn', message: 'OAuth2 token has no expiry information' },
    ]);
  });

  it('replaces a token that is refused', async () => {
    let issued = 0;
    const { server, authentication, paths } = await oauth((path, authorization) => {
      if (path === '/token') return [200, token(`t${++issued}`)];
      return authorization === 'Bearer t2' ? [200, {}] : [401, {}];
    });
    const { ask, waits } = clientFor(`${server.url}/x`, { authentication });

    await ask();

    expect(paths()).toStrictEqual(['/token', '/x', '/token', '/x']);
    expect(waits).toStrictEqual([0]);
  });

  it.each([
    [0, 2],
    [1, 2],
    [2, 3],
    [3, 3],
  ])('with %d retries it gives up after %d requests', async (maxRetries, requests) => {
    const { server, authentication, paths } = await oauth((path) =>
      path === '/token' ? [200, token('t')] : [401, {}],
    );
    const { ask, lines } = clientFor(`${server.url}/x`, { authentication }, {}, maxRetries);

    await expect(ask()).rejects.toMatchObject({
      code: 'http.token-invalid',
      category: 'authentication',
      retry: false,
      message: expect.stringContaining(
        'OAuth2 credentials appear invalid after token refresh',
      ) as string,
    });
    expect(paths().filter((path) => path === '/x')).toHaveLength(requests);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: '401 Unauthorized persists after OAuth2 token refresh, likely invalid credentials',
      },
    ]);
  });

  it.each([
    ['a refusal', 401, { error: 'invalid_client', echo: 's3cret/+' }, false, 'authentication'],
    ['another success', 201, token('t'), false, 'unknown'],
    ['too many requests', 429, {}, true, 'rate_limit'],
    ['a broken server', 502, {}, true, 'server'],
    ['no JSON', 200, 'text', false, 'authentication'],
    ['a blank token', 200, { access_token: ' ' }, false, 'authentication'],
    ['a redirect', 307, {}, false, 'unknown'],
  ])('says that there is no token: %s', async (_title, status, body, retry, category) => {
    const { server, authentication } = await oauth(() => [status, body]);
    const { ask } = clientFor(`${server.url}/x`, { authentication }, {}, 0);

    const fault = await ask().then(
      () => undefined,
      (error: unknown) => error as Error,
    );

    expect(fault).toMatchObject({ code: 'http.no-token', retry, category });
    expect(fault?.message).toMatch(/^failed to obtain OAuth2 access token: /);
    expect(fault?.message).not.toContain('s3cret');
  });

  it('shows no token that the server repeats', async () => {
    const { server, authentication } = await oauth((path, authorization) =>
      path === '/token' ? [200, token('s3cret-token')] : [403, { got: authorization }],
    );
    const { ask } = clientFor(`${server.url}/x`, { authentication }, { snippet: 500 });

    await expect(ask()).rejects.toMatchObject({
      details: { response_body: '{"got":"Bearer ***"}' },
    });
  });

  it('asks again for a token when the endpoint is not there for a moment', async () => {
    const { server, authentication, paths } = await oauth((path, _authorization, count) => {
      if (path !== '/token') return [200, {}];
      return count === 1 ? [503, {}] : [200, token('t')];
    });
    const { ask, waits } = clientFor(`${server.url}/x`, { authentication });

    await ask();

    expect(paths()).toStrictEqual(['/token', '/token', '/x']);
    expect(waits).toStrictEqual([true]);
  });

  it('lets one that waits go without ending the request of the others', async () => {
    let answer: (() => void) | undefined;
    const server = await serve((response, { url }) => {
      if (url === '/token') answer = () => json(response, token('t1'));
      else json(response, {});
    });
    const credentials = {
      tokenUrl: `${server.url}/token`,
      clientId: randomUUID(),
      clientSecret: 'secret',
    };
    const { client } = clientFor(`${server.url}/x`, {
      authentication: { type: 'oauth2', credentials },
    });
    const first = new AbortController();
    const request = { ...client.render(empty), method: 'GET' };

    const one = client.request(request, first.signal);
    const two = client.request(request, forever);
    await expect.poll(() => answer).toBeDefined();
    first.abort();
    await expect(one).rejects.toMatchObject({ code: 'http.cancelled' });
    answer?.();

    await expect(two).resolves.toMatchObject({ status: 200 });
    expect(server.seen.map(({ url }) => url)).toStrictEqual(['/token', '/x']);
  });
});

describe('headers', () => {
  it('are standard ones, those of the author, keys, and authentication, the last of a name', async () => {
    const server = await serve((response) => json(response, {}));
    const { client } = clientFor(
      server.url,
      {
        headers: { 'content-TYPE': 'text/plain', 'X-A': 'a', 'X-B': 'b', 'X-C': '{{ record.c }}' },
        authentication: { type: 'api-key', credentials: { key: 'k', headerName: 'x-b' } },
      },
      { keys: [{ field: 'a', paramType: 'header', paramName: 'x-a' }] },
    );

    await client.send('POST', itemOf({ a: 1, c: 'ü' }), {}, forever);

    const { headers } = server.seen[0] ?? {};
    expect(headers).toMatchObject({
      'user-agent': 'Cannectors-Runtime/1.0',
      'content-type': 'text/plain',
      'x-a': '1',
      'x-b': 'k',
    });
    expect(Buffer.from(String(headers?.['x-c']), 'latin1').toString()).toBe('ü');
  });

  it('are refused with a line break in them, and nothing is sent', async () => {
    const server = await serve((response) => json(response, {}));
    const { client } = clientFor(server.url, { headers: { 'X-A': '{{ record.a }}' } });

    expect(() => client.render({ record: { a: 'b\r\nX-Evil: c' } })).toThrow(
      expect.objectContaining({ code: 'http.bad-header', category: 'validation' }),
    );
  });
});

describe('a host that comes from data', () => {
  it.each([
    ['http://{{ record.host }}:PORT/x', undefined],
    ['http://127.0.0.{{ record.last }}:PORT/x', undefined],
    ['http://{host}:PORT/x', [{ field: 'host', paramType: 'path', paramName: 'host' } as const]],
  ])('is not let into this network: %s', async (endpoint, keys) => {
    const server = await serve((response) => json(response, {}));
    const record = { host: '127.0.0.1', last: 1 };
    const address = endpoint.replace('PORT', String(server.port));
    const refused = clientFor(address, {}, { keys });
    const allowed = clientFor(address, { allowedHosts: ['127.0.0.1'] }, { keys });

    await expect(refused.ask({ record })).rejects.toMatchObject({ code: 'http.blocked-address' });
    expect(server.seen).toStrictEqual([]);
    await expect(allowed.ask({ record })).resolves.toMatchObject({ status: 200 });
  });

  it('is allowed as it is when it stands in the document', async () => {
    const server = await serve((response) => json(response, {}));
    const { ask } = clientFor(`${server.url}/{{ record.id }}`);

    await expect(ask({ record: { id: 7 } })).resolves.toMatchObject({ status: 200 });
  });

  it('cannot be reached by a value in the path', async () => {
    const server = await serve((response) => json(response, {}));
    const { client } = clientFor(`${server.url}/a/{{ record.id }}/b`);

    expect(client.render({ record: { id: '@evil.example/x' } }).target).toMatchObject({
      host: '127.0.0.1',
      path: '/a/%40evil.example%2Fx/b',
    });
    expect(() => client.render({ record: { id: '..' } })).toThrow(
      expect.objectContaining({ code: 'http.dot-segment' }),
    );
  });
});

describe('what is loaded', () => {
  it('is no network library before the first request', async () => {
    const { client } = clientFor('http://127.0.0.1:1');
    client.render(empty);

    // A test file of its own would share the modules of the others.
    const script = `
      import { httpClient } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      console.log(JSON.stringify({
        client: typeof httpClient,
        undici: Object.keys((await import('node:module')).default._cache ?? {}).some((name) => name.includes('undici')),
      }));`;
    const { execFileSync } = await import('node:child_process');
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });

    expect(JSON.parse(output)).toStrictEqual({ client: 'function', undici: false });
  });
});

describe('timing', () => {
  it('counts the time of each attempt by itself', async () => {
    const server = await serveRaw(() => {});
    const { ask, waits } = clientFor(server.url, { timeoutMs: 40 }, {}, 2);

    await expect(ask()).rejects.toMatchObject({ message: 'network error: request timeout' });

    expect(waits).toStrictEqual([true, true]);
  });
});
