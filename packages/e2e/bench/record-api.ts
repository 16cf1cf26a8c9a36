import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { recordOf } from './record.ts';

/** Serves pages that were made beforehand, and takes what is posted. */
export interface RecordApi {
  readonly url: string;
  /** Hash of the records that were posted, whatever their order. */
  digest(): string;
  reset(): void;
  close(): Promise<void>;
}

export async function recordApi({ pages = 0, pageSize = 0, delayMs = 0 }): Promise<RecordApi> {
  const made = Array.from({ length: pages }, (_, page) => {
    const records = Array.from({ length: pageSize }, (__, index) =>
      recordOf(page * pageSize + index),
    );
    return Buffer.from(JSON.stringify({ pages, records }));
  });
  let posted: Buffer[] = [];

  const json = { 'content-type': 'application/json' };
  const take = async (parts: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> => {
    const bytes: Buffer[] = [];
    for await (const part of parts) bytes.push(part);
    posted.push(Buffer.concat(bytes));
    if (delayMs > 0) await wait(delayMs);
    response.writeHead(200, json).end('{}');
  };
  const server = createServer((request, response) => {
    if (request.method === 'POST') return void take(request, response);
    const page = Number(
      new URL(request.url ?? '/', 'http://localhost').searchParams.get('page') ?? 1,
    );
    response.writeHead(200, json).end(made[page - 1] ?? '{"pages":0,"records":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest: () => digestOf(posted),
    reset: () => {
      posted = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digestOf(bodies: readonly Buffer[]): string {
  const records = bodies.flatMap((body) => [JSON.parse(body.toString()) as unknown].flat());
  const lines = records.map((record) => JSON.stringify(record)).toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
