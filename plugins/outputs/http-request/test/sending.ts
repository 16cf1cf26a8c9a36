import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Item, itemOf, type JsonRecord } from '@cannectors/core';
import { type ApiAnswer, type ApiRequest, exampleApi, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import schema from '../schema.json' with { type: 'json' };
import type { Config } from '../src/config.ts';
import { httpRequest } from '../src/http-request.ts';
import { complete } from './complete.ts';

type Answer = (request: ApiRequest, count: number) => ApiAnswer;

/** A destination: any method on `/things`, and on `/things/<what>`. */
export async function destination(answer: Answer = () => ({ status: 201 })) {
  let count = 0;
  const routes = new Proxy<Record<string, (request: ApiRequest) => ApiAnswer>>(
    {},
    { get: () => (request: ApiRequest) => answer(request, ++count) },
  );
  const api = await exampleApi({ routes });
  onTestFinished(() => api.close());
  return { url: api.url, endpoint: `${api.url}/things`, requests: api.requests };
}

/** A destination that answers a request when it is told to. */
export async function patientDestination() {
  const arrived: string[] = [];
  const waiting: ((status: number, body?: string) => void)[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      arrived.push(Buffer.concat(parts).toString());
      waiting.push((status, body) => response.writeHead(status).end(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/`, arrived, waiting };
}

/** Makes an output; `write` gives it records. */
export function outputFor(config: JsonRecord, options: Parameters<typeof fakeContext>[0] = {}) {
  const context = fakeContext({ maxRetries: 0, ...options });
  const output = httpRequest(complete(schema, config) as unknown as Config, context);
  onTestFinished(() => output.close?.());
  const batch = (records: readonly (JsonRecord | Item)[], failFast: boolean) => ({
    items: records.map((one) => ('meta' in one && 'record' in one ? (one as Item) : itemOf(one))),
    seq: 0,
    attempt: 1,
    failFast,
  });
  return {
    output,
    context,
    write: (records: readonly (JsonRecord | Item)[], failFast = false) =>
      output.write(batch(records, failFast), new AbortController().signal),
    preview: (records: readonly JsonRecord[], showCredentials = false) =>
      output.preview?.(batch(records, false), { showCredentials }),
  };
}

/** Messages of a level. */
export function said(context: ReturnType<typeof fakeContext>, level: string) {
  return context.lines
    .filter((line) => line.level === level)
    .map(({ message, fields }) => ({ message, fields }));
}
