import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { findPackageJSON } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** A local API over a public data set: 3,201 movies, page by page, behind a bearer token. */
export interface MovieApi {
  readonly url: string;
  readonly token: string;
  /** Makes the first `count` movies visible. */
  publish(count: number): void;
  /** Movies that were posted to `/hits`. */
  readonly hits: readonly Movie[];
  /** Requests that were answered, by status. */
  readonly answers: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

export interface Movie {
  readonly [key: string]: unknown;
}

/** Every so many requests for a page are refused once, as a busy API would do. */
const busyEvery = 5;
const brokenEvery = 7;

export async function movieApi(): Promise<MovieApi> {
  const movies = await dataSet();
  const token = 'quickstart-token';
  const hits: Movie[] = [];
  const answers = new Map<number, number>();
  let visible = movies.length;
  let requests = 0;

  const answer = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void => {
    answers.set(status, (answers.get(status) ?? 0) + 1);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const page = (url: URL, response: ServerResponse): void => {
    requests++;
    if (requests % brokenEvery === 0) return answer(response, 500, { error: 'try again' });
    if (requests % busyEvery === 0) {
      return answer(response, 429, { error: 'slow down' }, { 'retry-after': '0' });
    }
    const limit = Number(url.searchParams.get('limit') ?? 100);
    const number = Number(url.searchParams.get('page') ?? 1);
    const after = Number(url.searchParams.get('after_id') ?? 0);
    const found = movies.slice(after, visible);
    const body = {
      movies: found.slice((number - 1) * limit, number * limit),
      pages: Math.ceil(found.length / limit),
    };
    answer(response, 200, body);
  };
  const accept = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const records = await bodyOf(request);
    hits.push(...records);
    answer(response, 202, { accepted: records.length });
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/movies') {
      if (request.headers.authorization === `Bearer ${token}`) page(url, response);
      else answer(response, 401, { error: 'who are you?' });
    } else if (url.pathname === '/hits' && request.method === 'POST') {
      void accept(request, response);
    } else answer(response, 404, { error: 'not found' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    hits,
    answers,
    publish: (count) => {
      visible = count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The movies of the `vega-datasets` package, numbered from 1. */
async function dataSet(): Promise<Movie[]> {
  const manifest = findPackageJSON('vega-datasets', import.meta.url);
  if (manifest === undefined) throw new Error('The package `vega-datasets` is not installed.');
  const text = await readFile(path.join(path.dirname(manifest), 'data/movies.json'), 'utf8');
  const movies = JSON.parse(text) as Movie[];
  return movies.map((movie, index) => ({ id: index + 1, ...movie }));
}

async function bodyOf(request: IncomingMessage): Promise<Movie[]> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as Movie[];
}
