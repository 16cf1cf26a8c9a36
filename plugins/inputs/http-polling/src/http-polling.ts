import type { Chunk, Context, Input } from '@cannectors/core';
import { type CursorRun, cursors } from '@cannectors/kit-cursor';
import { bodyTemplate, httpClient, jsonBody, userAgent } from '@cannectors/kit-http';
import { isRecord } from '@cannectors/kit-record';
import type { Config } from './config.ts';
import { notJson } from './faults.ts';
import { type Fetched, fetchAhead } from './fetch-ahead.ts';
import { pages } from './pages.ts';
import type { Step } from './pagination/walk.ts';
import { pageFinder, responseFinder } from './records.ts';

/** Reads records from an HTTP API. The next page is fetched while one is handled. */
export function httpPolling(config: Config, context: Context): Input {
  const { pagination, dataField } = config;
  const { log } = context;
  const client = httpClient(config, context, { standardHeaders: userAgent });
  const body = bodyTemplate(config, context);
  const method = config.method.toUpperCase();
  const walkFrom = pages(pagination, client);
  const find =
    pagination === undefined
      ? responseFinder(dataField)
      : pageFinder(dataField, pagination.type === 'link');
  const cursor = cursors(config.statePersistence, log);
  const closed = new AbortController();
  /** The pagination begins at the stored offset, and says where the next run does. */
  const isResumed = cursor.offsetParam !== undefined && cursor.offsetParam === pagination?.param;
  for (const { template, pointer } of [...client.templates, ...(body ? [body] : [])]) {
    cursor.checkNames(template.stateNames, pointer);
  }

  return {
    async *read({ checkpoint, signal }) {
      const run = cursor.begin(checkpoint, new Date());
      const facts = { endpoint: client.endpoint, has_pagination: pagination !== undefined };
      const started = performance.now();
      const duration = (): number => Math.round(performance.now() - started);
      log.info('input fetch started', facts);
      try {
        const records = yield* fetch(run, signal);
        const fields = { ...facts, record_count: records, duration_ms: duration() };
        log.info('input fetch completed', fields);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log.error('input fetch failed', { ...facts, duration_ms: duration(), error: message });
        throw error;
      }
    },

    async close() {
      closed.abort();
      await client.close();
    },
  };

  /** Gives the chunks of a run, and at its end the number of records. */
  async function* fetch(run: CursorRun, signal: AbortSignal): AsyncGenerator<Chunk, number> {
    const end = new AbortController();
    const walk = walkFrom(isResumed ? run.offset : 0);
    const ask = asker(run, AbortSignal.any([signal, end.signal, closed.signal]));
    const ahead = fetchAhead(walk, ask, pagination?.maxPages ?? 1);
    const type = { pagination_type: pagination?.type };
    let count = 0;
    let records = 0;
    let leftOut = 0;
    if (pagination !== undefined) log.debug('pagination started', type);
    try {
      for (let one = await ahead.next(); one !== undefined; one = await ahead.next()) {
        const { items } = one.found;
        count++;
        records += items.length;
        leftOut += one.found.leftOut;
        const fields = { page: count, record_count: items.length };
        if (pagination !== undefined) log.debug('pagination page fetched', fields);
        const checkpoint = run.observe(items, isResumed ? walk.offset : undefined);
        yield { items, bytes: one.bytes, ...(checkpoint !== undefined && { checkpoint }) };
      }
    } finally {
      // A run that ends early leaves no request behind.
      end.abort();
    }
    if (leftOut > 0) log.warn('elements that are not objects are left out', { count: leftOut });
    if (ahead.isCut) log.warn('pagination page limit reached', { ...type, pages: count });
    if (pagination !== undefined) {
      log.info('pagination completed', { ...type, pages_fetched: count, total_records: records });
    }
    // What lies behind the limit was not read, so no cursor may pass it.
    const last = ahead.isCut ? undefined : run.finish();
    if (last !== undefined) yield { items: [], checkpoint: last };
    return records;
  }

  /** Sends the requests of a run. They see the same state, and share the refreshes of a token. */
  function asker(run: CursorRun, signal: AbortSignal): (step: Step) => Promise<Fetched> {
    const scope = { record: {}, state: run.state };
    const refreshes = { left: 2 };

    return async (step) => {
      const address =
        'url' in step
          ? client.at(step.url, scope)
          : client.render(scope, new Map([...run.queryParams, ...step.parameters]));
      const sent = body?.render(scope, address.headers);
      const response = await client.request({ ...address, method, body: sent }, signal, refreshes);
      const answer = jsonBody(response.text(), notJson);
      const found = find(answer);
      const page = {
        body: isRecord(answer) ? answer : {},
        count: found.items.length,
        headers: response.headers,
        url: address.url,
      };
      return { page, found, bytes: response.bytes };
    };
  }
}
