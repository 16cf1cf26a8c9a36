import type { JsonRecord } from '@cannectors/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { cacheOf, filterFor, said, server } from './asking.ts';

/** Answers with the id that was asked for, and a list that one could share. */
const byPath = () =>
  server(({ path }) => ({ body: { of: path.split('/').at(-1) ?? '', list: [1] } }));

it.each([1, 32])(
  'makes 10 calls for 10 000 records with 10 keys, %i at a time',
  async (concurrency) => {
    const { endpoint, requests } = await byPath();
    const { ask } = filterFor({ endpoint, concurrency, cache: cacheOf() });
    const records = Array.from({ length: 10_000 }, (_, index) => ({ id: index % 10, index }));

    const given = await ask(records);

    expect(requests).toHaveLength(10);
    expect(given.map(({ index, of }) => [index, of])).toEqual(
      Array.from({ length: 10_000 }, (_, index) => [index, String(index % 10)]),
    );
    expect(new Set(given.map(({ list }) => list)).size).toBe(10_000);
  },
);

it('asks for every record without a cache', async () => {
  const { endpoint, requests } = await byPath();
  const off = filterFor({ endpoint, concurrency: 4, cache: cacheOf({ enabled: false }) });
  const none = filterFor({ endpoint, concurrency: 4 });

  await off.ask([{ id: 1 }, { id: 1 }, { id: 1 }]);
  await none.ask([{ id: 1 }, { id: 1 }]);

  expect(requests).toHaveLength(5);
});

it('keeps answers from run to run, for their time', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { endpoint, requests } = await byPath();
  const { one } = filterFor({ endpoint, cache: cacheOf({ ttlSeconds: 60 }) });

  await one({ id: 1 });
  vi.advanceTimersByTime(59_999);
  await one({ id: 1 });
  const before = requests.length;
  vi.advanceTimersByTime(1);
  await one({ id: 1 });

  expect([before, requests.length]).toEqual([1, 2]);
});

it('lets the least recently used answer go', async () => {
  const { endpoint, requests } = await byPath();
  const { ask } = filterFor({ endpoint, cache: cacheOf({ maxSize: 2 }) });

  await ask([1, 2, 1, 3, 1, 2].map((id) => ({ id })));

  expect(requests.map(({ path }) => path.at(-1))).toEqual(['1', '2', '3', '2']);
});

it.each([
  ['a failure', { status: 500, body: {} }],
  ['what is not JSON', { body: '{"a"' }],
  ['what has no dataField', { body: { b: 1 } }],
])('keeps nothing of %s', async (_title, bad) => {
  const good = { body: { data: { a: 1 } } };
  const { endpoint, requests } = await server((_request, count) => (count === 1 ? bad : good));
  const { each } = filterFor({ endpoint, dataField: 'data', cache: cacheOf() });

  const results = await each([{ id: 1 }, { id: 1 }, { id: 1 }]);

  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(requests).toHaveLength(2);
});

it('keeps an answer that does not fit this record: it may fit the next', async () => {
  const { endpoint, requests } = await server(() => ({ body: [{ a: 1 }] }));
  const { each } = filterFor({ endpoint, cache: cacheOf() });

  const results = await each([{ id: 1 }, { id: 1 }]);

  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(requests).toHaveLength(1);
});

it('cannot be poisoned by what becomes of a record', async () => {
  const body = { deep: { list: [{ a: 1 }] } };
  const { endpoint } = await server(() => ({ body }));
  const { one } = filterFor({
    endpoint,
    cache: cacheOf(),
    mergeStrategy: 'append',
    resultKey: 'found',
  });

  const first = (await one({ id: 1 })) as { found: typeof body & { itself?: unknown } };
  first.found.deep.list.push({ a: 2 });
  first.found.itself = first;
  const second = await one({ id: 1 });

  expect(second).toEqual({ id: 1, found: body });
});

it('asks about a record that has grown by its own answer as about any other', async () => {
  const { endpoint } = await server(() => ({ body: { next: { more: true } } }));
  const { one } = filterFor({ endpoint, cache: cacheOf({ key: '{{ record }}' }) });

  const once = await one({ id: 1 });
  const twice = await one(once as JsonRecord);

  expect(twice).toEqual({ id: 1, next: { more: true } });
});

it('tells keys apart that look alike when they are joined', async () => {
  const { url } = await server(({ headers }) => ({
    body: { of: `${headers['x-a']}+${headers['x-b']}` },
  }));
  const { ask } = filterFor({
    endpoint: url,
    cache: cacheOf(),
    keys: [
      { field: 'a', paramType: 'header', paramName: 'X-A' },
      { field: 'b', paramType: 'header', paramName: 'X-B' },
    ],
  });

  const given = await ask([
    { a: 'x::y', b: 'z' },
    { a: 'x', b: 'y::z' },
  ]);

  expect(given.map(({ of }) => of)).toEqual(['x::y+z', 'x+y::z']);
});

it('tells answers apart by its own key where it has one', async () => {
  const { url, requests } = await server(({ body }) => ({ body: { of: body ?? null } }));
  const post = { endpoint: url, method: 'POST', body: '{"sku": "{{ record.sku }}"}' };
  const { ask, context } = filterFor({ ...post, cache: cacheOf({ key: '{{ record.sku }}' }) });

  const given = await ask(['a', 'b', 'a'].map((sku) => ({ sku })));

  expect(given.map(({ of }) => of)).toEqual([{ sku: 'a' }, { sku: 'b' }, { sku: 'a' }]);
  expect(requests).toHaveLength(2);
  expect(said(context, 'warn')).toEqual([]);
});

it('warns where the default key does not tell all requests apart', async () => {
  const { url } = await server(() => ({ body: {} }));
  const body = '{"sku": "{{ record.sku }}"}';
  const headers = { 'X-Tenant': '{{ record.tenant }}', 'X-Plain': 'a' };

  const { context } = filterFor({ endpoint: url, body, headers, cache: cacheOf() });

  expect(context.lines).toMatchObject([
    {
      level: 'warn',
      message: 'the default cache key is made of URL and keys only; set cache.key',
      fields: { templates: ['/headers/X-Tenant', '/body'] },
    },
  ]);
});
