import type { Chunk, Input, JsonRecord, Outcome } from '@cannectors/core';
import { type FakeContext, fakeContext, until } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import type { Config } from '../src/config.ts';
import { webhook } from '../src/webhook.ts';

/** What becomes of a chunk. The kernel's part is played by the test. */
export type Fate = (chunk: Chunk) => Outcome | Promise<Outcome>;

export interface Receiving {
  readonly url: string;
  readonly port: number;
  readonly input: Input;
  readonly context: FakeContext;
  /** Records that were handed over, in order. */
  readonly records: JsonRecord[];
  readonly chunks: Chunk[];
  post(body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Ends the reading as a stop does; resolves when nothing more is handed over. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const counts = { written: 0, dropped: 0, failed: 0, deadLettered: 0 };

export function delivered({ items }: Chunk): Outcome {
  return { delivered: true, counts: { ...counts, written: items.length } };
}

const defaults = {
  path: '/in',
  listenAddress: '127.0.0.1:0',
  requestTimeoutMs: 15_000,
  maxBodyBytes: 10_485_760,
  queue: { durable: true, acceptWhilePaused: true },
  maxConcurrent: 1,
};

/** Opens a webhook and reads from it until the test is over. */
export async function receiving(
  config: Partial<Config> = {},
  fate: Fate = delivered,
  context: FakeContext = fakeContext(),
): Promise<Receiving> {
  const { endpoints } = config;
  const { path: _, ...withoutPath } = defaults;
  const base = endpoints === undefined ? defaults : withoutPath;
  const input = webhook({ ...base, ...config } as Config, context);
  const records: JsonRecord[] = [];
  const chunks: Chunk[] = [];
  const end = new AbortController();
  await input.open?.(end.signal);

  const handle = async (chunk: Chunk): Promise<void> => {
    chunk.settled?.(await fate(chunk));
  };
  const reading = (async () => {
    for await (const chunk of input.read({ signal: end.signal })) {
      chunks.push(chunk);
      records.push(...chunk.items.map(({ record }) => record));
      void handle(chunk);
    }
  })();
  const close = async (): Promise<void> => {
    end.abort();
    await input.close?.();
    await reading;
  };
  onTestFinished(close);

  const started = context.lines.findLast(({ message }) => message === 'webhook server started');
  const address = started?.fields['address'] as string;
  const url = `http://${address}${config.path ?? (endpoints === undefined ? '/in' : '')}`;
  return {
    url,
    port: Number(address.split(':').at(-1)),
    input,
    context,
    records,
    chunks,
    post: (body, headers = {}) => fetch(url, { method: 'POST', body, headers }),
    async stop() {
      end.abort();
      await reading;
    },
    close,
  };
}

/** Status and body of an answer. */
export async function said(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  return [response.status, (await response.text()).trimEnd()];
}

/** Waits until something holds, with a limit. */
export function soon(holds: () => boolean | Promise<boolean>): Promise<void> {
  return until(holds, 'what the test waits for');
}
