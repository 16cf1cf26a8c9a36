import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inputFor, recordsOf, said, source } from './reading.ts';

const timestamp = { enabled: true, field: 'at', queryParam: 'since' };

describe('cursors', () => {
  it('are sent on every page, and pagination wins over them', async () => {
    const { endpoint, requests } = await source(() => ({ body: { data: [{}], pages: 2 } }));
    const { read } = inputFor({
      endpoint: `${endpoint}?since=literal`,
      queryParams: { since: 'own', p: 'own' },
      pagination: { type: 'page', param: 'p', totalPagesField: 'pages' },
      statePersistence: { timestamp, id: { enabled: true, field: 'id', queryParam: 'p' } },
    });

    await read({ timestamp: '2026-01-01T00:00:00Z', id: 41 });

    expect(requests.map(({ query }) => query)).toStrictEqual([
      { since: '2026-01-01T00:00:00Z', p: '1' },
      { since: '2026-01-01T00:00:00Z', p: '2' },
    ]);
  });

  it('are the largest of all pages, at the end', async () => {
    const { endpoint } = await source((_request, count) => ({
      body: {
        data: [{ id: 10 - count, at: `2026-01-0${count}T00:00:00.000001Z` }],
        pages: 3,
      },
    }));
    const { read } = inputFor({
      endpoint,
      pagination: { type: 'page', param: 'p', totalPagesField: 'pages' },
      statePersistence: { timestamp, id: { enabled: true, field: 'id' } },
    });

    const chunks = await read();

    expect(chunks.map(({ checkpoint }) => checkpoint)).toStrictEqual([
      undefined,
      undefined,
      undefined,
      { id: 9, timestamp: '2026-01-03T00:00:00.000001Z' },
    ]);
  });

  it('come with each page of an ordered source', async () => {
    const { endpoint } = await source((_request, count) => ({
      body: { data: [{ id: count }], pages: 2 },
    }));
    const { read } = inputFor({
      endpoint,
      pagination: { type: 'page', param: 'p', totalPagesField: 'pages' },
      statePersistence: { ordered: true, id: { enabled: true, field: 'id' } },
    });

    const chunks = await read({ id: 0 });

    expect(chunks.map(({ checkpoint }) => checkpoint)).toStrictEqual([
      { id: 1 },
      { id: 2 },
      { id: 2 },
    ]);
  });

  it('let pagination begin at the stored offset, and miss nothing that is appended', async () => {
    let records = 5;
    const { endpoint, requests } = await source(({ query }) => {
      const offset = Number(query['offset']);
      const length = Math.max(Math.min(2, records - offset), 0);
      const data = Array.from({ length }, (_, index) => ({ id: offset + index }));
      return { body: { data, total: records } };
    });
    const { read } = inputFor({
      endpoint,
      pagination: {
        type: 'offset',
        param: 'offset',
        limitParam: 'n',
        limit: 2,
        totalField: 'total',
      },
      statePersistence: { offset: { enabled: true, queryParam: 'offset' } },
    });

    const first = await read();
    records = 8;
    const second = await read(first.at(-1)?.checkpoint);

    expect(first.map(({ checkpoint }) => checkpoint)).toStrictEqual([
      { offset: 2 },
      { offset: 4 },
      { offset: 5 },
      { offset: 5 },
    ]);
    expect(recordsOf(second)).toStrictEqual([{ id: 5 }, { id: 6 }, { id: 7 }]);
    expect(requests[3]?.query['offset']).toBe('5');
  });
});

describe('state in templates', () => {
  it.each([
    [undefined, { query: 'at gt 1970-01-01T00:00:00Z', header: '', body: '{"after": ""}' }],
    [
      { timestamp: '2026-01-01T00:00:00+02:00', id: '4"2' },
      { query: 'at gt 2026-01-01T00:00:00+02:00', header: '4"2', body: '{"after": "4\\"2"}' },
    ],
  ])('%j', async (checkpoint, expected) => {
    const { endpoint, requests } = await source(() => ({ body: [] }));
    const { read } = inputFor({
      endpoint: `${endpoint}?$filter=at gt {{ state.lastTimestamp }}`,
      method: 'post',
      queryParams: { $orderby: 'at', q: 'at gt {{ state.lastTimestamp }}' },
      headers: { 'X-Last': '{{ state.lastId }}' },
      body: '{"after": "{{ state.lastId }}"}',
      statePersistence: { timestamp, id: { enabled: true, field: 'id' } },
    });

    await read(checkpoint);

    const { query } = expected;
    expect(requests[0]).toMatchObject({
      method: 'POST',
      query: { $filter: query, q: query, $orderby: 'at' },
      text: expected.body,
    });
    expect(requests[0]?.headers['x-last']).toBe(expected.header);
    expect(requests[0]?.headers).not.toHaveProperty('content-type');
    expect(requests[0]?.headers).not.toHaveProperty('accept');
  });

  it.each([
    ['endpoint', { endpoint: 'http://a/{{ state.lastID }}' }, '/endpoint'],
    ['queryParams', { queryParams: { 'a/b': '{{ state.nope }}' } }, '/queryParams/a~1b'],
    ['headers', { headers: { A: '{{ state.nope }}' } }, '/headers/A'],
    ['body', { body: '{{ state.nope }}' }, '/body'],
  ])('refuses an unknown name in %s', (_title, more, pointer) => {
    expect(() => inputFor({ endpoint: 'http://a/', ...more })).toThrow(
      expect.objectContaining({ code: 'cursor.unknown-state', pointer }),
    );
  });

  it('warns of a name that is not kept', () => {
    const { context } = inputFor({ endpoint: 'http://a/{{ state.lastTimestamp }}' });

    expect(said(context, 'warn')).toStrictEqual([
      {
        message:
          'pipeline reads a state variable it does not persist; every run will start from the epoch',
        fields: { variable: 'lastTimestamp' },
      },
    ]);
  });

  it('escapes a body as its content type asks for', async () => {
    const { endpoint, requests } = await source(() => ({ body: [] }));
    const body = '<id>{{ state.lastId }}</id>';
    const statePersistence = { id: { enabled: true, field: 'id' } };
    const config = { endpoint, method: 'POST', body, statePersistence };
    const types = [
      'application/soap+xml; charset=utf-8',
      'text/plain',
      'application/x-www-form-urlencoded',
    ];

    for (const type of types) {
      await inputFor({ ...config, headers: { 'content-TYPE': type } }).read({ id: 'a<"b' });
    }

    expect(requests.map(({ text }) => text)).toStrictEqual([
      '<id>a&lt;&#34;b</id>',
      '<id>a<"b</id>',
      '<id>a%3C%22b</id>',
    ]);
  });

  it('sends a body with GET too', async () => {
    const { endpoint, requests } = await source(() => ({ body: [] }));

    await inputFor({ endpoint, body: '{"all": true}' }).read();

    expect(requests).toMatchObject([{ method: 'GET', text: '{"all": true}' }]);
  });

  it('reads the body from a file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'polling-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'body.json'), '{"since": "{{ state.lastTimestamp }}"}');
    const { endpoint, requests } = await source(() => ({ body: [] }));
    const config = { endpoint, method: 'POST', bodyTemplateFile: 'body.json' };

    await inputFor({ ...config, statePersistence: { timestamp } }, { folder }).read();
    await inputFor({ ...config, body: 'wins' }, { folder }).read();

    expect(requests.map(({ text }) => text)).toStrictEqual([
      '{"since": "1970-01-01T00:00:00Z"}',
      'wins',
    ]);
  });
});
