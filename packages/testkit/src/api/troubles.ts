import type { ApiAnswer, ApiRequest } from './example-api.ts';

/** Milliseconds that an answer takes on a path with the word `slow`. */
export const slowMs = 300;

type Trouble = (request: ApiRequest, count: number) => ApiAnswer | undefined;

/** Words of a path that behave badly. `count` is the number of requests to that path, from 1. */
export const troubles: Readonly<Record<string, Trouble>> = {
  /** Every first of two requests fails. */
  flaky: (_, count) =>
    count % 2 === 1 ? { status: 503, body: { error: 'try again' } } : undefined,
  /** Every first of two requests is one too many, and says when to come again. */
  limited: (_, count) =>
    count % 2 === 1
      ? { status: 429, headers: { 'retry-after': '0' }, body: { error: 'slow down' } }
      : undefined,
  broken: () => ({ status: 500, body: { error: 'broken' } }),
  refused: () => ({ status: 422, body: { error: 'not like this' } }),
  garbled: () => ({ body: '{"data": [{"id": 1}, {"id"' }),
  cut: () => ({ body: { data: [{ id: 1 }] }, cut: true }),
  stalled: () => ({ never: true }),
};
