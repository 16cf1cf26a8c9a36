import type { JsonRecord } from '@cannectors/core';
import { until } from '@cannectors/testkit';
import { describe, expect, it } from 'vitest';
import { inputFor, recordsOf, said, source } from './reading.ts';

const numbered = (count: number, start = 1): JsonRecord[] =>
  Array.from({ length: count }, (_, index) => ({ id: start + index }));

describe('pages by number', () => {
  const pagination = { type: 'page', param: 'p', totalPagesField: 'meta.pages' };

  it('goes on until the last page', async () => {
    const { endpoint, requests } = await source(({ query }) => ({
      body: { data: [{ page: query['p'] ?? '' }], meta: { pages: 3 } },
    }));
    const { read, context } = inputFor({ endpoint: `${endpoint}?a=1`, pagination });

    expect(recordsOf(await read())).toStrictEqual([{ page: '1' }, { page: '2' }, { page: '3' }]);
    expect(requests.map(({ query }) => query)).toStrictEqual([
      { a: '1', p: '1' },
      { a: '1', p: '2' },
      { a: '1', p: '3' },
    ]);
    expect(said(context, 'info')).toStrictEqual([
      {
        message: 'pagination completed',
        fields: { pagination_type: 'page', pages_fetched: 3, total_records: 3 },
      },
    ]);
    expect(said(context, 'debug').map(({ message }) => message)).toStrictEqual([
      'pagination started',
      'pagination page fetched',
      'pagination page fetched',
      'pagination page fetched',
    ]);
  });

  it.each([
    ['stops at an empty page', { pages: 9 }, 2],
    ['does not know a total that is a text', { pages: '1' }, 2],
    ['does not need a total', {}, 2],
    ['takes 0 for unknown', { pages: 0 }, 2],
  ])('%s', async (_title, meta, pages) => {
    const { endpoint, requests } = await source((_request, count) => ({
      body: { data: count === 1 ? [{ a: 1 }] : [], meta: meta as JsonRecord },
    }));

    await inputFor({ endpoint, pagination }).read();

    expect(requests).toHaveLength(pages);
  });

  it.each([
    [
      { limitParam: 'n', limit: 50 },
      { n: '50', p: '1' },
    ],
    [{ limitParam: 'n' }, { p: '1' }],
    [{ limit: 50 }, { p: '1' }],
  ])('with %j sends %j', async (more, query) => {
    const { endpoint, requests } = await source(() => ({ body: { data: [] } }));

    await inputFor({ endpoint, pagination: { ...pagination, ...more } }).read();

    expect(requests[0]?.query).toStrictEqual(query);
  });
});

describe('pages by offset', () => {
  const pagination = { type: 'offset', param: 'o', limitParam: 'l', totalField: 'total' };

  it('asks for 100 records at a time', async () => {
    const { endpoint, requests } = await source(({ query }) => ({
      body: { data: numbered(Math.min(100, 250 - Number(query['o']))), total: 250 },
    }));

    const chunks = await inputFor({ endpoint, pagination }).read();

    expect(recordsOf(chunks)).toHaveLength(250);
    expect(requests.map(({ query }) => query)).toStrictEqual([
      { l: '100', o: '0' },
      { l: '100', o: '100' },
      { l: '100', o: '200' },
    ]);
  });

  it.each([
    ['the total is reached', [2, 2], 4, 2],
    ['a page is not full', [2, 1], undefined, 2],
    ['a page is empty', [2, 0], undefined, 2],
    ['a page is not full, although the total says more', [2, 1], 100, 2],
  ])('stops when %s', async (_title, sizes, total, pages) => {
    const { endpoint, requests } = await source((_request, count) => ({
      body: { data: numbered(sizes[count - 1] ?? 0), ...(total !== undefined && { total }) },
    }));

    await inputFor({ endpoint, pagination: { ...pagination, limit: 2 } }).read();

    expect(requests).toHaveLength(pages);
  });
});

describe('pages by cursor', () => {
  const pagination = { type: 'cursor', param: 'c', nextCursorField: 'meta.next' };

  it('follows cursors, also over empty pages', async () => {
    const nexts = ['a b&c', 1002, 9007199254740993n, null];
    const { endpoint, requests } = await source((_request, count) => {
      const next = nexts[count - 1];
      const shown = typeof next === 'bigint' ? String(next) : JSON.stringify(next);
      return { body: `{"data": ${count === 2 ? '[]' : '[{}]'}, "meta": {"next": ${shown}}}` };
    });

    expect(recordsOf(await inputFor({ endpoint, pagination }).read())).toHaveLength(3);
    expect(requests.map(({ query }) => query)).toStrictEqual([
      {},
      { c: 'a b&c' },
      { c: '1002' },
      { c: '9007199254740993' },
    ]);
  });

  it.each([['""'], ['null'], ['true'], ['{"a": 1}']])('stops at %s', async (next) => {
    const { endpoint, requests } = await source(() => ({
      body: `{"data": [{}], "meta": {"next": ${next}}}`,
    }));

    await inputFor({ endpoint, pagination }).read();

    expect(requests).toHaveLength(1);
  });

  it('fails when the same cursor comes twice', async () => {
    const { endpoint, requests } = await source(() => ({
      body: { data: [{}], meta: { next: 'a' } },
    }));

    await expect(inputFor({ endpoint, pagination }).read()).rejects.toMatchObject({
      code: 'http-polling.same-page',
      retry: false,
    });
    expect(requests).toHaveLength(2);
  });
});

describe('pages by link', () => {
  const inBody = { type: 'link', nextUrlField: 'links.next' };
  const inHeader = { type: 'link', nextUrlHeader: 'Link' };

  it('follows links in the body, and sets nothing in them again', async () => {
    const { endpoint, requests, url } = await source((_request, count) => ({
      body: {
        data: [{ count }],
        links: {
          next: [`${url}/things?page=2&x=%2f`, '?page=3', '/more?page=4'][count - 1] ?? null,
        },
      },
    }));
    const config = {
      endpoint,
      queryParams: { size: '5' },
      headers: { 'X-A': 'a' },
      authentication: { type: 'bearer', credentials: { token: 't' } },
      pagination: inBody,
    };

    expect(recordsOf(await inputFor(config).read())).toHaveLength(4);
    expect(requests.map(({ path, query }) => ({ path, query }))).toStrictEqual([
      { path: '/things', query: { size: '5' } },
      { path: '/things', query: { page: '2', x: '/' } },
      { path: '/things', query: { page: '3' } },
      { path: '/more', query: { page: '4' } },
    ]);
    for (const { headers } of requests) {
      expect(headers).toMatchObject({ authorization: 'Bearer t', 'x-a': 'a' });
    }
  });

  it('tries a key of the very name first', async () => {
    const { endpoint, requests, url } = await source((_request, count) => ({
      body: { value: [{ count }], ...(count === 1 && { '@odata.nextLink': `${url}/more` }) },
    }));
    const pagination = { type: 'link', nextUrlField: '@odata.nextLink' };

    await inputFor({ endpoint, pagination, dataField: 'value' }).read();

    expect(requests.map(({ path }) => path)).toStrictEqual(['/things', '/more']);
  });

  it.each([
    ['<URL/more>; rel="next"', 2],
    ['<URL/more>; rel=next', 2],
    ['<URL/first>; rel="prev", <URL/more>; title="a, b; rel=x"; rel="next"', 2],
    ['<URL/more>; rel="last NEXT"', 2],
    ['<URL/more>;rel="next";rel="prev"', 2],
    ['<URL/more>; rel="prev"; rel="next"', 1],
    ['<URL/more>; rel="prev"', 1],
    ['<URL/more>; title="; rel=next"', 1],
    ['nonsense', 1],
    ['', 1],
  ])('reads the header %j', async (header, pages) => {
    const { endpoint, requests, url } = await source((_request, count) => ({
      headers: count === 1 ? { link: header.replaceAll('URL', url) } : {},
      body: [{ count }],
    }));

    await inputFor({ endpoint, pagination: inHeader }).read();

    expect(requests).toHaveLength(pages);
  });

  it('takes a plain URL from any other header, and the body before the header', async () => {
    const { endpoint, requests, url } = await source((_request, count) => ({
      headers: count < 3 ? { 'x-next': `${url}/things?from=header` } : {},
      body: { data: [{ count }], next: count === 1 ? '/more' : null },
    }));
    const pagination = { type: 'link', nextUrlField: 'next', nextUrlHeader: 'X-Next' };

    await inputFor({ endpoint, pagination }).read();

    expect(requests.map(({ path, query }) => path + (query['from'] ?? ''))).toStrictEqual([
      '/things',
      '/more',
      '/thingsheader',
    ]);
  });

  it.each([
    ['another host', 'http://169.254.169.254/latest', 'http-polling.bad-link'],
    ['another port', 'http://127.0.0.1:1/x', 'http-polling.bad-link'],
    ['another scheme', 'ftp://127.0.0.1/x', 'http.bad-url'],
    ['no text', 7, 'http-polling.bad-link'],
  ])('refuses a link to %s', async (_title, next, code) => {
    const { endpoint, requests } = await source(() => ({ body: { data: [{}], links: { next } } }));

    await expect(inputFor({ endpoint, pagination: inBody }).read()).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  it('goes to another host that is allowed', async () => {
    const other = await source(() => ({ body: { data: [{ there: true }] } }));
    const { endpoint } = await source(() => ({
      body: { data: [], links: { next: other.endpoint } },
    }));
    const allowedHosts = [new URL(other.url).host];

    const chunks = await inputFor({ endpoint, pagination: inBody, allowedHosts }).read();

    expect(recordsOf(chunks)).toStrictEqual([{ there: true }]);
  });

  it('fails on a link to the same page', async () => {
    const { endpoint } = await source(() => ({ body: { data: [{}], links: { next: '/things' } } }));
    const config = {
      endpoint,
      pagination: inBody,
      authentication: { type: 'api-key', credentials: { key: 'k', location: 'query' } },
    };
    const first = inputFor({ endpoint: `${endpoint}?a=1`, pagination: inBody });

    await expect(inputFor(config).read()).rejects.toMatchObject({ code: 'http-polling.same-page' });
    await expect(first.read()).rejects.toMatchObject({ code: 'http-polling.same-page' });
  });
});

describe('every pagination', () => {
  const pagination = { type: 'page', param: 'p', totalPagesField: 'pages' };

  it.each([
    ['[{"a": 1}]', 'failed to parse JSON response: expected an object, got array'],
    ['null', 'failed to parse JSON response: expected an object, got null'],
    ['{"pages": 1}', 'dataField not found or invalid: pagination requires dataField'],
  ])('fails on a page %s', async (body, message) => {
    const { endpoint } = await source(() => ({ body }));

    await expect(inputFor({ endpoint, pagination }).read()).rejects.toMatchObject({
      message: expect.stringContaining(message) as string,
    });
  });

  it('ends at the limit with a warning, and moves no cursor past what was not read', async () => {
    const { endpoint, requests } = await source((_request, count) => ({
      body: { data: [{ id: count }], pages: 10 },
    }));
    const { read, context } = inputFor({
      endpoint,
      pagination: { ...pagination, maxPages: 2 },
      statePersistence: { id: { enabled: true, field: 'id' } },
    });

    const chunks = await read();

    expect(recordsOf(chunks)).toHaveLength(2);
    expect(chunks.some(({ checkpoint }) => checkpoint !== undefined)).toBe(false);
    expect(requests).toHaveLength(2);
    expect(said(context, 'warn')).toStrictEqual([
      { message: 'pagination page limit reached', fields: { pagination_type: 'page', pages: 2 } },
    ]);
  });

  it('fails as a whole when a page fails', async () => {
    const { endpoint } = await source((_request, count) => ({
      status: count === 2 ? 404 : 200,
      body: { data: [{ id: count }], pages: 3 },
    }));

    await expect(inputFor({ endpoint, pagination }).read()).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('fetches one page ahead, and no more', async () => {
    const { endpoint, requests } = await source((_request, count) => ({
      body: { data: [{ id: count }], pages: 5 },
    }));
    const { input } = inputFor({ endpoint, pagination });
    const reading = input.read({ signal: new AbortController().signal })[Symbol.asyncIterator]();

    await reading.next();
    await until(() => requests.length === 2, 'the second page is asked for');
    await reading.next();
    await until(() => requests.length === 3, 'the third page is asked for');
    await reading.return?.();

    expect(requests).toHaveLength(3);
  });

  it('refreshes a token twice in a fetch, not twice a page', async () => {
    let issued = 0;
    let used = 0;
    const { endpoint, url, requests } = await source(({ path, headers }) => {
      if (path === '/token') return { body: { access_token: `t${++issued}`, expires_in: 600 } };
      // Every token is good for one page.
      if (used === issued || headers['authorization'] !== `Bearer t${issued}`) {
        return { status: 401 };
      }
      used = issued;
      return { body: { data: [{}], pages: 9 } };
    });
    const credentials = { tokenUrl: `${url}/token`, clientId: 'pages', clientSecret: 'secret' };
    const { read } = inputFor({
      endpoint,
      pagination,
      authentication: { type: 'oauth2', credentials },
    });

    await expect(read()).rejects.toMatchObject({ code: 'http.token-invalid' });
    expect(requests.map(({ path }) => path)).toStrictEqual([
      '/token',
      '/things',
      // A page that is refused, a new token, the same page.
      '/things',
      '/token',
      '/things',
      '/things',
      '/token',
      '/things',
      // The third refusal is the last.
      '/things',
    ]);
  });
});
