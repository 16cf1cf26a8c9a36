import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Json, JsonRecord } from '@cannectors/core';
import { exampleData } from './example-data.ts';
import { guards, issueToken } from './guards.ts';
import { isPaging, page } from './paging.ts';
import { slowMs, troubles } from './troubles.ts';

/** A request that reached the server. */
export interface ApiRequest {
  readonly method: string;
  /** Path without the query, as it was sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; `undefined` if it is none. */
  readonly body: Json | undefined;
}

/** What the server answers. A `body` that is no text is sent as JSON. */
export interface ApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Milliseconds before the answer. */
  readonly afterMs?: number;
  /** Takes the request and never answers. */
  readonly never?: true;
  /** Breaks the connection in the middle of the body. */
  readonly cut?: true;
}

export interface ExampleApiOptions {
  /** Collections by name. Default: `orders` (95) and `customers` (40). */
  readonly data?: Readonly<Record<string, readonly JsonRecord[]>>;
  /** Answers of one's own, by `METHOD /path`; they win over what the server does by itself. */
  readonly routes?: Readonly<Record<string, (request: ApiRequest) => ApiAnswer>>;
}

/** A small HTTP API on loopback. */
export interface ExampleApi {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly ApiRequest[];
  /** Records that were sent to `/collect`, in order of arrival; an array counts as its elements. */
  readonly collected: readonly JsonRecord[];
  /** Collections, which a test may change. */
  readonly data: Record<string, JsonRecord[]>;
  /** Resolves with the next request to this path. */
  next(path: string): Promise<ApiRequest>;
  close(): Promise<void>;
}

/**
 * Starts an API for examples and tests. A path is words that say how it behaves, then a collection:
 * `/bearer/page/orders`, `/flaky/collect`.
 *
 * - **collections**: `/orders` is `{"data": [...]}`; `?after_id=7` and `?updated_after=<RFC 3339>`
 *   leave out what is older. `/orders/7` is one record. `/collect` takes records, `/echo` answers what
 *   it was sent.
 * - **paging**: `page`, `offset`, `cursor`, `link`; see `paging.ts` for the names.
 * - **guards**: `bearer`, `basic`, `api-key`, `oauth2` (token at `POST /oauth2/token`) answer 401.
 * - **troubles**: `flaky`, `limited`, `slow`, `broken`, `garbled`, `cut`, `stalled`, `refused`.
 */
export async function exampleApi(options: ExampleApiOptions = {}): Promise<ExampleApi> {
  const requests: ApiRequest[] = [];
  const collected: JsonRecord[] = [];
  const waiting: { path: string; resolve: (request: ApiRequest) => void }[] = [];
  const data = structuredClone(options.data ?? exampleData()) as Record<string, JsonRecord[]>;
  const seen = new Map<string, number>();

  const collectionOf = (name: string): readonly JsonRecord[] | undefined =>
    Object.hasOwn(data, name) ? data[name] : undefined;
  const answer = (request: ApiRequest): ApiAnswer => {
    const own = options.routes?.[`${request.method} ${request.path}`];
    if (own !== undefined) return own(request);
    if (request.method === 'POST' && request.path === '/oauth2/token') return issueToken(request);
    const words = request.path.split('/').filter((word) => word !== '');
    const last = words.pop() ?? '';
    const count = (seen.get(request.path) ?? 0) + 1;
    seen.set(request.path, count);
    for (const word of words) {
      const early = guards[word]?.(request) ?? troubles[word]?.(request, count);
      if (early !== undefined) return early;
    }
    if (last === 'echo') return { body: echoOf(request) };
    if (last === 'collect') {
      collected.push(...recordsOf(request.body));
      return { status: request.method === 'POST' ? 201 : 200, body: { ok: true } };
    }
    const collection = collectionOf(last);
    if (collection !== undefined) return page(words.find(isPaging), last, collection, request);
    const record = collectionOf(words.at(-1) ?? '')?.find(({ id }) => textOf(id) === last);
    return record === undefined ? { status: 404, body: { error: `no ${last}` } } : { body: record };
  };

  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await requestOf(incoming);
      requests.push(request);
      for (const one of waiting.filter(({ path }) => path === request.path)) {
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(request);
      }
      const afterMs = request.path.split('/').includes('slow') ? slowMs : 0;
      await send(response, { afterMs, ...answer(request) });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    collected,
    data,
    next: (path) => new Promise((resolve) => void waiting.push({ path, resolve })),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function requestOf(incoming: IncomingMessage): Promise<ApiRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: incoming.headers as Record<string, string>,
    text,
    body: jsonOf(text),
  };
}

async function send(response: ServerResponse, answer: ApiAnswer): Promise<void> {
  const { status = 200, headers = {}, body = null, afterMs = 0 } = answer;
  if (answer.never === true) return;
  if (afterMs > 0) await wait(afterMs);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const size = answer.cut === true ? { 'content-length': String(text.length + 1) } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...size, ...headers });
  if (answer.cut !== true) response.end(text);
  else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function echoOf({ method, path, query, headers, text, body }: ApiRequest): JsonRecord {
  return { method, path, query: { ...query }, headers: { ...headers }, body: body ?? text };
}

function recordsOf(body: Json | undefined): JsonRecord[] {
  const list = Array.isArray(body) ? body : [body];
  return list.filter((one): one is JsonRecord => typeof one === 'object' && one !== null);
}

function textOf(id: Json | undefined): string {
  return typeof id === 'object' ? '' : String(id);
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
