import type { Chunk, Json, JsonRecord } from '@cannectors/core';
import { type ApiAnswer, type ApiRequest, exampleApi, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import schema from '../schema.json' with { type: 'json' };
import type { Config } from '../src/config.ts';
import { httpPolling } from '../src/http-polling.ts';
import { complete } from './complete.ts';

type Answer = (request: ApiRequest, count: number) => ApiAnswer;

/** A source with the paths `/things`, `/more` and `/token`. */
export async function source(answer: Answer) {
  let count = 0;
  const reply = (request: ApiRequest): ApiAnswer => answer(request, ++count);
  const api = await exampleApi({
    routes: {
      'GET /things': reply,
      'POST /things': reply,
      'GET /more': reply,
      'POST /token': reply,
    },
  });
  onTestFinished(() => api.close());
  return { url: api.url, endpoint: `${api.url}/things`, requests: api.requests };
}

/** Makes an input; `read` reads it to its end. */
export function inputFor(config: JsonRecord, options: Parameters<typeof fakeContext>[0] = {}) {
  const context = fakeContext(options);
  const input = httpPolling(complete(schema, config) as unknown as Config, context);
  onTestFinished(() => input.close?.());
  const read = async (checkpoint?: Json): Promise<Chunk[]> => {
    const { signal } = new AbortController();
    return await Array.fromAsync(
      input.read({ signal, ...(checkpoint !== undefined && { checkpoint }) }),
    );
  };
  return { input, context, read };
}

/** The records of some chunks. */
export function recordsOf(chunks: readonly Chunk[]): JsonRecord[] {
  return chunks.flatMap(({ items }) => items.map(({ record }) => record));
}

/** Messages of a level, without those about the fetch as a whole. */
export function said(context: ReturnType<typeof fakeContext>, level: string) {
  return context.lines
    .filter((line) => line.level === level && !line.message.startsWith('input fetch'))
    .map(({ message, fields }) => ({ message, fields }));
}
