import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { filterFor, said, server } from './asking.ts';

it('asks with nothing but what every JSON client sends', async () => {
  const { endpoint, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({ endpoint });

  await one({ id: 1 });

  const [{ headers, ...request } = { headers: {} }] = requests;
  expect(request).toMatchObject({ method: 'GET', path: '/things/1', query: {}, text: '' });
  expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  expect(headers).toMatchObject({
    accept: 'application/json',
    'user-agent': 'Cannectors-Runtime/1.0',
  });
});

it('puts values of the record into path, query and headers', async () => {
  const { url, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({
    endpoint: `${url}/{id}/{id}?a=1`,
    queryParams: { sku: 'overwritten', b: '{{ record.name }}' },
    headers: { 'X-Tenant': 'overwritten', 'X-Name': '{{ record.name }}' },
    keys: [
      { field: 'id', paramType: 'path', paramName: 'id' },
      { field: 'line.sku', paramType: 'query', paramName: 'sku' },
      { field: 'tenant', paramType: 'header', paramName: 'X-Tenant' },
      { field: 'zero', paramType: 'query', paramName: 'zero' },
    ],
  });

  await one({ id: 'a/b c', line: { sku: 'x&y=1' }, tenant: 'acme', zero: 0, name: 'Ada' });

  // Only the first place of a placeholder is filled.
  expect(requests[0]).toMatchObject({
    path: '/a%2Fb%20c/%7Bid%7D',
    query: { a: '1', b: 'Ada', sku: 'x&y=1', zero: '0' },
    headers: { 'x-tenant': 'acme', 'x-name': 'Ada' },
  });
});

it('renders a body for JSON, whatever its type is said to be', async () => {
  const { url, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({
    endpoint: url,
    method: 'post',
    body: '{"name": "{{ record.name }}"}',
    headers: { 'Content-Type': 'application/xml' },
  });

  await one({ name: '"A" & <b>' });

  expect(requests[0]).toMatchObject({
    method: 'POST',
    body: { name: '"A" & <b>' },
    headers: { 'content-type': 'application/xml' },
  });
});

it('says that a body is JSON, and sends one with any method', async () => {
  const { url, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({ endpoint: url, method: 'SEARCH', body: '{}' });

  await one({});

  expect(requests[0]).toMatchObject({
    method: 'SEARCH',
    text: '{}',
    headers: { 'content-type': 'application/json' },
  });
});

it('takes the body from a file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'http-call-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'ask.json'), '{"id": {{ record.id }}}');
  const { url, requests } = await server(() => ({ body: {} }));
  const { ask } = filterFor(
    { endpoint: url, method: 'POST', bodyTemplateFile: 'ask.json' },
    { folder },
  );

  await ask([{ id: 1 }, { id: 2 }]);

  expect(requests.map(({ body }) => body)).toEqual([{ id: 1 }, { id: 2 }]);
});

it.each([
  [{}, "field 'id' not found"],
  [{ id: null }, "field 'id' is null"],
  [{ id: '' }, "field 'id' is empty"],
])('asks nothing for %j', async (record, message) => {
  const { endpoint, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({ endpoint });

  await expect(one(record)).rejects.toMatchObject({
    code: 'HTTP_CALL_KEY_EXTRACT',
    category: 'validation',
    retry: false,
    message,
  });
  expect(requests).toEqual([]);
});

it.each([0, false, 'x'])('takes %j for a value', async (id) => {
  const { endpoint, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({ endpoint });

  await one({ id });

  expect(requests[0]?.path).toBe(`/things/${id}`);
});

it.each([
  ['..', 'http.dot-segment'],
  ['.', 'http.dot-segment'],
])('lets no record climb the path with %j', async (id, code) => {
  const { endpoint, requests } = await server(() => ({ body: {} }));
  const { one } = filterFor({ endpoint });

  await expect(one({ id })).rejects.toMatchObject({ code, category: 'validation' });
  expect(requests).toEqual([]);
});

it('asks no private address that a record names', async () => {
  const { url, requests } = await server(() => ({ body: { secret: 1 } }));
  const { one } = filterFor({ endpoint: 'http://{{ record.host }}:{{ record.port }}/{id}' });
  const { hostname, port } = new URL(url);

  await expect(one({ id: 1, host: hostname, port })).rejects.toMatchObject({
    code: 'http.blocked-address',
  });
  expect(requests).toEqual([]);
});

it('makes no call that may write when nothing may be written', async () => {
  const { endpoint, requests } = await server(() => ({ body: { found: true } }));
  const reading = filterFor({ endpoint }, { readOnly: true, dryRun: true });
  const writing = filterFor({ endpoint, method: 'POST' }, { readOnly: true, dryRun: true });

  expect(await reading.one({ id: 1 })).toEqual({ id: 1, found: true });
  expect(await writing.one({ id: 1 })).toEqual({ id: 1 });
  expect(requests).toHaveLength(1);
  expect(said(writing.context, 'warn')).toEqual([
    'calls that may write are not made in this dry run',
  ]);
  expect(said(reading.context, 'warn')).toEqual([]);
});
