import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { allowedHosts } from '../src/allowed-hosts.ts';
import type { Exchange } from '../src/exchange.ts';
import { targetOf } from '../src/target.ts';
import { transport } from '../src/transport.ts';
import { filesOf, json, serve, serveRaw } from './serve.ts';

const page = { bytes: 1024 * 1024, isCut: false };
const forever = new AbortController().signal;

function client(options: { timeoutMs?: number; allowed?: string[]; limit?: number } = {}) {
  const made = transport({
    timeoutMs: options.timeoutMs ?? 20_000,
    limit: options.limit ?? 4,
    isAllowed: allowedHosts(options.allowed),
    ownHeaders: new Set(['authorization', 'x-api-key']),
  });
  onTestFinished(() => made.close());
  return made;
}

/** Adds a certificate to the authorities of the process, until the test is over. */
function trust(name: Parameters<typeof filesOf>[0]): void {
  const known = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...known, filesOf(name).cert.toString()]);
  onTestFinished(() => tls.setDefaultCACertificates(known));
}

function get(url: string, more: Partial<Exchange> = {}): Exchange {
  return { target: targetOf(url), method: 'GET', headers: [], isGuarded: false, ...more };
}

describe('an answer', () => {
  it('has status, headers and body', async () => {
    const server = await serve((response) => {
      response.writeHead(203, 'So it is', { 'x-one': '1', 'set-cookie': ['a', 'b'] });
      response.end('text');
    });

    const received = await client().fetch(get(`${server.url}/a?b=c`), () => page, forever);

    expect(received).toMatchObject({
      status: 203,
      statusText: 'So it is',
      headers: { 'x-one': '1', 'set-cookie': ['a', 'b'] },
      body: Buffer.from('text'),
    });
    expect(server.seen).toMatchObject([{ method: 'GET', url: '/a?b=c' }]);
  });

  it('may come in pieces', async () => {
    const server = await serve((response) => {
      response.write('a'.repeat(70_000));
      setImmediate(() => response.end('b'.repeat(70_000)));
    });

    const { body } = await client().fetch(get(server.url), () => page, forever);

    expect(body.toString()).toBe('a'.repeat(70_000) + 'b'.repeat(70_000));
  });

  it.each(['content-length', 'chunked'])('is an error beyond the limit (%s)', async (how) => {
    const server = await serve((response) => {
      if (how === 'content-length') response.setHeader('content-length', 2000);
      response.write('x'.repeat(1000));
      response.end('x'.repeat(1000));
    });

    const limit = { bytes: 1999, isCut: false };
    const answer = client().fetch(get(server.url), () => limit, forever);

    await expect(answer).rejects.toMatchObject({
      code: 'http.page-too-large',
      message: expect.stringContaining('maxPageBytes') as string,
      retry: false,
    });
  });

  it('is exactly as large as it may be', async () => {
    const server = await serve((response) => response.end('x'.repeat(1000)));

    const limit = { bytes: 1000, isCut: false };
    const { body } = await client().fetch(get(server.url), () => limit, forever);

    expect(body).toHaveLength(1000);
  });

  it('is cut where only its beginning is wanted, and the connection goes on', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((response) => {
      ports.add(response.socket?.remotePort);
      response.end('x'.repeat(200_000));
    });
    const wire = client({ limit: 1 });
    const limit = { bytes: 10, isCut: true };

    const first = await wire.fetch(get(server.url), () => limit, forever);
    const second = await wire.fetch(get(server.url), () => limit, forever);

    expect([first.body.toString(), second.body.toString()]).toStrictEqual([
      'xxxxxxxxxx',
      'xxxxxxxxxx',
    ]);
    expect(ports.size).toBe(1);
  });

  it('is cut even if it never ends', async () => {
    const server = await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });

    const limit = { bytes: 10, isCut: true };
    const { body } = await client().fetch(get(server.url), () => limit, forever);

    expect(body).toHaveLength(10);
  });

  it('is unpacked, up to the limit', async () => {
    const server = await serve((response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('x'.repeat(5000)));
    });
    const wire = client();

    const { body } = await wire.fetch(get(server.url), () => page, forever);
    const small = wire.fetch(get(server.url), () => ({ bytes: 4999, isCut: false }), forever);

    expect(body.toString()).toBe('x'.repeat(5000));
    await expect(small).rejects.toMatchObject({ code: 'http.page-too-large' });
  });

  it('that cannot be unpacked is a broken body', async () => {
    const server = await serve((response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('no gzip');
    });

    await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
      code: 'http.network',
      message: expect.stringContaining('reading response body') as string,
    });
  });
});

describe('what goes wrong on the wire', () => {
  it('a server that is not there', async () => {
    await expect(
      client().fetch(get('http://127.0.0.1:1'), () => page, forever),
    ).rejects.toMatchObject({
      code: 'http.network',
      category: 'network',
      retry: true,
      message: 'network error: connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('a name that does not exist', async () => {
    const url = 'http://no-such-host.invalid/x';

    await expect(client().fetch(get(url), () => page, forever)).rejects.toMatchObject({
      category: 'network',
      message: expect.stringMatching(/^network error: .*no-such-host\.invalid/) as string,
    });
  });

  it.each([
    ['a reset', '', 'network error: '],
    ['an empty answer', undefined, 'network error: '],
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', 'network error: '],
    [
      'a body that breaks off',
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
      'network error: reading response body: ',
    ],
    [
      'a chunk that breaks off',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab',
      'network error: reading response body: ',
    ],
    [
      'a chunk that is none',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nab',
      'network error: ',
    ],
  ])('%s', async (_title, bytes, text) => {
    const server = await serveRaw((socket) => {
      if (bytes === '') socket.resetAndDestroy();
      else socket.end(bytes ?? '');
    });

    await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
      code: 'http.network',
      category: 'network',
      retry: true,
      message: expect.stringContaining(text) as string,
    });
  });

  it.each([
    ['before the answer', ''],
    ['within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'],
  ])('a server that hangs %s', async (_title, bytes) => {
    const server = await serveRaw((socket) => socket.write(bytes));

    const answer = client({ timeoutMs: 50 }).fetch(get(server.url), () => page, forever);

    await expect(answer).rejects.toMatchObject({
      code: 'http.timeout',
      category: 'network',
      retry: true,
      message: 'network error: request timeout',
    });
  });

  it('a server that sends slowly: the time of the attempt counts, not that between two bytes', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 5);
      socket.once('close', () => clearInterval(drip));
    });

    const answer = client({ timeoutMs: 80 }).fetch(get(server.url), () => page, forever);

    await expect(answer).rejects.toMatchObject({ code: 'http.timeout' });
  });

  it('a connection that is never there, and the next one has its own time', async () => {
    const server = await serveRaw(() => {});
    const wire = client({ timeoutMs: 60 });
    const secure = get(server.url.replace('http:', 'https:'));
    const started = performance.now();

    for (let count = 0; count < 2; count++) {
      await expect(wire.fetch(secure, () => page, forever)).rejects.toMatchObject({
        code: 'http.timeout',
      });
    }

    expect(performance.now() - started).toBeGreaterThan(115);
  });

  it('a timeout leaves the others alone', async () => {
    const server = await serve((response, { url }) => {
      if (url === '/quick') response.end('done');
    });
    const wire = client({ timeoutMs: 2000 });
    const fetch = (path: string) => wire.fetch(get(server.url + path), () => page, forever);

    const [slow, quick] = await Promise.allSettled([fetch('/slow'), fetch('/quick')]);
    const again = await fetch('/quick');

    expect(slow).toMatchObject({ reason: { code: 'http.timeout' } });
    expect(quick).toMatchObject({ value: { status: 200 } });
    expect(again.status).toBe(200);
  });

  it('a certificate that nobody vouches for', async () => {
    const server = await serve((response) => response.end(), 'self-signed');

    await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
      code: 'http.certificate',
      category: 'network',
      message: expect.stringMatching(/failed to verify certificate: self-signed/) as string,
    });
    expect(server.seen).toStrictEqual([]);
  });

  it('a certificate, although the environment asks not to look', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const server = await serve((response) => response.end(), 'self-signed');

    await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
      code: 'http.certificate',
    });
  });

  it.each([
    ['other-host', /failed to verify certificate: Hostname\/IP does not match/],
    ['expired', /failed to verify certificate: certificate has expired/],
  ] as const)(
    'a certificate of a known authority that does not hold: %s',
    async (name, message) => {
      trust(name);
      const server = await serve((response) => response.end(), name);

      await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
        code: 'http.certificate',
        message: expect.stringMatching(message) as string,
      });
      expect(server.seen).toStrictEqual([]);
    },
  );

  it('nothing, with a certificate that is trusted', async () => {
    trust('self-signed');
    const server = await serve((response) => response.end('safe'), 'self-signed');

    const { body } = await client().fetch(get(server.url), () => page, forever);

    expect(body.toString()).toBe('safe');
  });

  it('a header that HTTP reserves', async () => {
    const server = await serve((response) => response.end());
    const request = get(server.url, { headers: ['transfer-encoding', 'chunked'] });

    await expect(client().fetch(request, () => page, forever)).rejects.toMatchObject({
      code: 'http.bad-request',
      category: 'validation',
      retry: false,
    });
  });
});

describe('cancelling', () => {
  it.each(['before', 'within'])('ends a request %s the answer', async (when) => {
    const controller = new AbortController();
    const server = await serve((response) => {
      if (when === 'within') response.write('x');
      setImmediate(() => controller.abort());
    });

    const answer = client().fetch(get(server.url), () => page, controller.signal);

    await expect(answer).rejects.toMatchObject({ code: 'http.cancelled', retry: false });
  });

  it('sends nothing any more', async () => {
    const server = await serve((response) => response.end());

    const answer = client().fetch(get(server.url), () => page, AbortSignal.abort());

    await expect(answer).rejects.toMatchObject({ code: 'http.cancelled' });
    expect(server.seen).toStrictEqual([]);
  });
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%s is followed for GET', async (status) => {
    const server = await serve((response, { url }) => {
      if (url === '/new?x=1') json(response, { done: true });
      else response.writeHead(status, { location: '/new?x=1' }).end();
    });

    const { body } = await client().fetch(get(`${server.url}/old`), () => page, forever);

    expect(body.toString()).toBe('{"done":true}');
  });

  it.each([307, 308])('%s repeats method and body', async (status) => {
    const server = await serve((response, { url }) => {
      if (url === '/new') response.end();
      else response.writeHead(status, { location: 'new' }).end();
    });
    const request = get(`${server.url}/old`, { method: 'POST', body: 'data' });

    await client().fetch(request, () => page, forever);

    expect(server.seen).toMatchObject([
      { method: 'POST', url: '/old', body: 'data' },
      { method: 'POST', url: '/new', body: 'data' },
    ]);
  });

  it.each([301, 302, 303])(
    '%s is the answer to a POST, whose body would get lost',
    async (status) => {
      const server = await serve((response) =>
        response.writeHead(status, { location: '/new' }).end(),
      );
      const request = get(`${server.url}/old`, { method: 'POST', body: 'data' });

      const received = await client().fetch(request, () => page, forever);

      expect(received.status).toBe(status);
      expect(server.seen).toHaveLength(1);
    },
  );

  it('without a location is an ordinary answer', async () => {
    const server = await serve((response) => response.writeHead(302).end('here'));

    await expect(client().fetch(get(server.url), () => page, forever)).resolves.toMatchObject({
      status: 302,
    });
  });

  it('is followed 10 times', async () => {
    const server = await serve((response, { url }) => {
      const count = Number(url.slice(1));
      if (count === 10) response.end('there');
      else response.writeHead(302, { location: `/${count + 1}` }).end();
    });
    const wire = client();

    const { body } = await wire.fetch(get(`${server.url}/0`), () => page, forever);
    const tooMany = wire.fetch(get(`${server.url}/-1`), () => page, forever);

    expect(body.toString()).toBe('there');
    await expect(tooMany).rejects.toMatchObject({ code: 'http.too-many-redirects', retry: false });
  });

  it('keeps credentials on the same host, and drops them on another', async () => {
    const other = await serve((response) => response.end());
    const server = await serve((response, { url }) => {
      const location = url === '/old' ? '/new' : `${other.url}/there`;
      response.writeHead(302, { location }).end();
    });
    const headers = ['Authorization', 'Bearer t', 'X-Api-Key', 'k', 'X-Other', 'o'];

    const wire = client({ allowed: [`127.0.0.1:${other.port}`] });
    await wire.fetch(get(`${server.url}/old`, { headers }), () => page, forever);

    expect(server.seen[1]?.headers).toMatchObject({ authorization: 'Bearer t', 'x-api-key': 'k' });
    expect(other.seen[0]?.headers).toMatchObject({ 'x-other': 'o' });
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(other.seen[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it.each([
    (port: number) => `http://127.0.0.1:${port}/`,
    (port: number) => `http://localhost:${port}/`,
    (port: number) => `http://2130706433:${port}/`,
    (port: number) => `http://0x7f000001:${port}/`,
    (port: number) => `http://0177.0.0.1:${port}/`,
    (port: number) => `http://[::ffff:127.0.0.1]:${port}/`,
    (port: number) => `http://[::1]:${port}/`,
    (port: number) => `http://[64:ff9b::7f00:1]:${port}/`,
    (port: number) => `http://0:${port}/`,
    () => 'http://169.254.169.254/latest/meta-data',
    () => 'http://10.0.0.1/',
  ])('does not lead to an address that is not public: %s', async (location) => {
    const inner = await serve((response) => response.end('secret'));
    const server = await serve((response) =>
      response.writeHead(302, { location: location(inner.port) }).end(),
    );

    await expect(client().fetch(get(server.url), () => page, forever)).rejects.toMatchObject({
      code: 'http.blocked-address',
      retry: false,
    });
    expect(inner.seen).toStrictEqual([]);
  });

  it('may lead away and back', async () => {
    const other = await serve((response) =>
      response.writeHead(302, { location: `${server.url}/back` }).end(),
    );
    const server = await serve((response, { url }) => {
      if (url === '/back') response.end('home');
      else response.writeHead(302, { location: other.url }).end();
    });
    const headers = ['Authorization', 'Bearer t'];

    const wire = client({ allowed: [`127.0.0.1:${other.port}`] });
    const { body } = await wire.fetch(get(server.url, { headers }), () => page, forever);

    expect(body.toString()).toBe('home');
    expect(server.seen[1]?.headers).not.toHaveProperty('authorization');
  });

  it('stays there when the body is for one server only', async () => {
    const server = await serve((response) => response.writeHead(307, { location: '/new' }).end());
    const request = get(server.url, { method: 'POST', body: 'secret', isFinal: true });

    await expect(client().fetch(request, () => page, forever)).resolves.toMatchObject({
      status: 307,
    });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a host that comes from data', () => {
  it.each(['127.0.0.1', 'localhost'])('may not be %s', async (host) => {
    const server = await serve((response) => response.end());
    const request = get(`http://${host}:${server.port}/`, { isGuarded: true });

    await expect(client().fetch(request, () => page, forever)).rejects.toMatchObject({
      code: 'http.blocked-address',
    });
    expect(server.seen).toStrictEqual([]);
  });
});

describe('a proxy of the environment', () => {
  it('gets the requests for other hosts, and none for this one', async () => {
    const proxy = await serve((response, { url }) => response.end(`through the proxy: ${url}`));
    const server = await serve((response) => response.end('direct'));
    vi.stubEnv('http_proxy', proxy.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const wire = client();

    const far = await wire.fetch(
      get('http://api.invalid/x?y=1', { headers: ['x-one', '1'] }),
      () => page,
      forever,
    );
    const near = await wire.fetch(get(server.url), () => page, forever);

    expect(far.body.toString()).toBe('through the proxy: http://api.invalid/x?y=1');
    expect(proxy.seen[0]?.headers).toMatchObject({ host: 'api.invalid', 'x-one': '1' });
    expect(near.body.toString()).toBe('direct');
  });
});
