import { type EachFilter, type Item, itemOf, type JsonRecord } from '@cannectors/core';
import { type ApiAnswer, type ApiRequest, exampleApi, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { httpCall } from '../src/http-call.ts';

type Answer = (request: ApiRequest, count: number) => ApiAnswer;

/** A server that answers every request, whatever its path, with what it is told. */
export async function server(answer: Answer) {
  let count = 0;
  const routes = new Proxy<Record<string, (request: ApiRequest) => ApiAnswer>>(
    {},
    { get: () => (request: ApiRequest) => answer(request, ++count) },
  );
  const api = await exampleApi({ routes });
  onTestFinished(() => api.close());
  return { url: api.url, endpoint: `${api.url}/things/{id}`, api, requests: api.requests };
}

const defaults = {
  method: 'GET',
  headers: {},
  queryParams: {},
  timeoutMs: 20_000,
  maxPageBytes: 1_000_000,
  concurrency: 1,
  mergeStrategy: 'merge',
} as const;

const byId = [{ field: 'id', paramType: 'path', paramName: 'id' }] as const;

/** A config as the host would complete it; without a body and keys it asks by `id`. */
export function configFor(more: Partial<Config>): Config {
  const keys = more.body === undefined ? { keys: [...byId] } : {};
  return { ...defaults, ...keys, endpoint: 'http://127.0.0.1:9/{id}', ...more };
}

/** The cache, on. */
export function cacheOf(more: Partial<NonNullable<Config['cache']>> = {}) {
  return { enabled: true, maxSize: 1000, ttlSeconds: 300, ...more };
}

/** Makes a filter. `ask` gives it records as the kernel does: up to `concurrency` at a time, in order. */
export function filterFor(more: Partial<Config>, options: Parameters<typeof fakeContext>[0] = {}) {
  const context = fakeContext({ maxRetries: 0, ...options });
  const filter = httpCall(configFor(more), context);
  onTestFinished(async () => filter.close?.());
  const { signal: forever } = new AbortController();
  const ask = async (records: readonly JsonRecord[], signal = forever): Promise<JsonRecord[]> => {
    const settled = await settledOf(
      filter,
      records.map((record) => itemOf(record)),
      signal,
    );
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  };
  return {
    filter,
    context,
    ask,
    /** What becomes of one record. */
    one: async (record: JsonRecord, signal = forever) => (await ask([record], signal))[0],
    /** What becomes of each record, the failed ones too. */
    each: (records: readonly JsonRecord[]) =>
      settledOf(
        filter,
        records.map((record) => itemOf(record)),
        forever,
      ),
  };
}

async function settledOf(
  filter: EachFilter,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<PromiseSettledResult<JsonRecord>[]> {
  const settled: Promise<JsonRecord>[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const one = recordFrom(filter, items[index] as Item, signal, index);
      settled[index] = one;
      await one.catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: filter.concurrency ?? 1 }, lane));
  return Promise.allSettled(settled);
}

async function recordFrom(...[filter, ...given]: [EachFilter, Item, AbortSignal, number]) {
  return ((await filter.each(...given)) as Item).record;
}

/** Messages of a level. */
export function said(context: ReturnType<typeof fakeContext>, level: string): string[] {
  return context.lines.filter((line) => line.level === level).map(({ message }) => message);
}
