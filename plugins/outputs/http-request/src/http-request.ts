import {
  type Context,
  type Fault,
  faultOf,
  isFault,
  type Item,
  type Output,
  type Rejection,
} from '@cannectors/core';
import { type Address, httpClient, type HttpRequest, userAgent } from '@cannectors/kit-http';
import { bodyOf } from './body.ts';
import type { Config } from './config.ts';
import { badEndpoint, batchFailed, noKeyValue, sizeWithoutBatch } from './faults.ts';
import { idempotency } from './idempotency.ts';
import { inLanes } from './in-lanes.ts';
import { successRule } from './success.ts';

/** Sends records to an HTTP API, many in a request or one by one. */
export function httpRequest(config: Config, context: Context): Output {
  const { requestMode, batchSize, concurrency } = config;
  const isSingle = requestMode === 'single';
  if (isSingle && batchSize !== undefined) throw sizeWithoutBatch();
  const { log } = context;
  const client = httpClient(config, context, {
    keys: config.keys,
    keyProblem: noKeyValue,
    standardHeaders: { ...userAgent, 'Content-Type': 'application/json' },
    dropsEmptyHeaders: true,
    connections: concurrency,
    success: successRule(config.success),
    snippet: 500,
  });
  const method = config.method.toUpperCase();
  const body = bodyOf(config, context, method);
  const keyOf = idempotency(config);
  const facts = {
    module_type: 'httpRequest',
    endpoint: client.endpoint,
    method,
    request_mode: requestMode,
    batch_size: batchSize,
    has_auth: config.authentication !== undefined,
  };

  return {
    needsIds: config.idempotencyKey,
    concurrent: 'deliveries',

    async write({ items, failFast }, signal) {
      if (items.length === 0) return {};
      const parts = partsOf(items);
      const rejected: Rejection[] = [];
      const started = performance.now();
      log.info('output send started', { ...facts, record_count: items.length });

      const begun = await inLanes(
        parts.count,
        concurrency,
        (part) => client.request(requestFor(parts.at(part)), signal),
        (part, error) => {
          if (signal.aborted) throw error;
          const fault = faultOf(error, 'OUTPUT_FAILED');
          logAnswer(fault);
          const first = part * parts.size;
          const { length } = parts.at(part);
          const named = isSingle ? fault : batchFailed(part, fault);
          for (const index of indexesFrom(first, first + length)) {
            rejected.push({ index, fault: named });
          }
          if (!failFast) logLoss(part, parts.count, length, fault);
          return !failFast;
        },
      );

      const unsent = indexesFrom(begun * parts.size, items.length);
      const level = failFast && rejected.length > 0 ? 'error' : 'info';
      log[level](`output send ${level === 'error' ? 'failed' : 'completed'}`, {
        records_sent: items.length - rejected.length - unsent.length,
        records_failed: rejected.length,
        duration_ms: Math.round(performance.now() - started),
      });
      return { rejected, unsent };
    },

    preview({ items }, options) {
      const parts = partsOf(items);
      return Promise.all(
        indexesFrom(0, parts.count).map(async (part) => {
          const records = parts.at(part);
          const http = await client.preview(requestFor(records), options);
          const title = `${method} ${http.endpoint}`;
          return { kind: 'http' as const, title, record_count: records.length, http };
        }),
      );
    },

    close: () => client.close(),
  };

  /** The records of each request. Everything but the body is made of the first of them. */
  function partsOf(items: readonly Item[]) {
    const size = isSingle ? 1 : (batchSize ?? Math.max(items.length, 1));
    return {
      size,
      count: Math.ceil(items.length / size),
      at: (part: number): readonly Item[] => items.slice(part * size, (part + 1) * size),
    };
  }

  function requestFor(records: readonly Item[]): HttpRequest {
    const address = addressOf(records[0]?.record ?? {});
    const key = keyOf(records);
    const headers = key.length === 0 ? address.headers : [...address.headers, ...key];
    return { ...address, headers, method, body: body(records, headers) };
  }

  function addressOf(record: Item['record']): Address {
    try {
      return client.render({ record });
    } catch (error) {
      throw isFault(error) && error.code === 'http.bad-url' ? badEndpoint(error) : error;
    }
  }

  function logAnswer({ statusCode, details }: Fault): void {
    const { response_body: text } = details;
    if (text === undefined) return;
    log.error('http error response', { ...details, status_code: statusCode, response_body: text });
  }

  function logLoss(part: number, count: number, records: number, fault: Fault): void {
    const reason = { error_category: fault.category, error: fault.message };
    if (isSingle) log.error('request failed for record', { record_index: part, ...reason });
    else {
      const place = { batch_index: part, batch_count: count, batch_records: records };
      log.error('httpRequest batch failed', { ...place, ...reason });
    }
  }
}

function indexesFrom(start: number, end: number): number[] {
  return Array.from({ length: Math.max(end - start, 0) }, (_, index) => start + index);
}
