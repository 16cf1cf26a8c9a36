import type { Json, Log } from '@cannectors/core';
import type { TemplateScope } from '@cannectors/kit-template';
import type { CacheConfig } from './config.ts';
import { wrongCount } from './faults.ts';
import { keyMaker } from './key-maker.ts';
import { recent } from './recent.ts';
import { roundTrip } from './round-trip.ts';

/**
 * The answers of a filter that asks something for each record. With the cache on, what is known is not
 * asked again, and those who ask for one key at the same time share one call.
 *
 * An answer may be in the cache, so nobody may change it: what goes into a record is a copy, as
 * `merging` makes it.
 */
export interface Answers {
  /**
   * Gives the answer for one record.
   *
   * @param standardKey tells answers apart where `cache.key` does not; called only with the cache on
   * @param ask called at once, if at all; an error of it is thrown to all who wait, and not kept
   */
  get(
    scope: TemplateScope,
    standardKey: () => string,
    ask: () => Promise<Json>,
    signal: AbortSignal,
  ): Promise<Json>;
  /**
   * Gives the answers for many records, in their order, with one call at most.
   *
   * @param ask gets one record for each key that is neither known nor on its way; with the cache off,
   *   all records. It gives an answer or an error for each, in that order.
   * @returns an error stands for a record that has no answer
   */
  getAll<Scope extends TemplateScope>(
    scopes: readonly Scope[],
    standardKey: (scope: Scope) => string,
    ask: (missing: readonly Scope[]) => Promise<readonly (Json | Error)[]>,
    signal: AbortSignal,
  ): Promise<(Json | Error)[]>;
}

/**
 * Makes the answers of one filter, and their cache.
 *
 * @throws `template.*` for `cache.key`
 * @see spec/connectors/http.md, section 3.3, and spec/connectors/database.md, section 4
 */
export function answers(cache: CacheConfig | undefined, log: Log): Answers {
  const get = cache?.enabled === true ? caching(cache, log) : direct;
  return {
    get,

    async getAll(scopes, standardKey, ask, signal) {
      // Without a cache nobody shares an answer: no promise for each record.
      if (get === direct) return answersOf(scopes, ask);
      const trip = roundTrip(ask);
      // `get` asks at once if it has to, so behind this loop all questions are there.
      const waiting = scopes.map((scope) =>
        get(
          scope,
          () => standardKey(scope),
          () => trip.add(scope),
          signal,
        ),
      );
      trip.send();
      const settled = await Promise.allSettled(waiting);
      return settled.map((one) => (one.status === 'fulfilled' ? one.value : errorOf(one.reason)));
    },
  };
}

/** Asks once, for all. */
async function answersOf<Scope>(
  scopes: readonly Scope[],
  ask: (scopes: readonly Scope[]) => Promise<readonly (Json | Error)[]>,
): Promise<(Json | Error)[]> {
  if (scopes.length === 0) return [];
  try {
    const given = await ask(scopes);
    if (given.length !== scopes.length) throw wrongCount(scopes.length, given.length);
    return [...given];
  } catch (error) {
    return scopes.map(() => errorOf(error));
  }
}

const direct: Answers['get'] = (_scope, _standardKey, ask) => ask();

/** A call on its way, for all who ask for its key. */
interface Flight {
  readonly answer: Promise<Json>;
  /** Of the one who began it. */
  readonly signal: AbortSignal;
}

function caching({ key: source, maxSize, ttlSeconds }: CacheConfig, log: Log): Answers['get'] {
  const keyOf = keyMaker(source, log);
  const kept = recent<Json>(maxSize, ttlSeconds * 1000);
  const flights = new Map<string, Flight>();

  return async (scope, standardKey, ask, signal) => {
    const key = keyOf(scope, standardKey);
    for (;;) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const flight = flights.get(key);
      if (flight === undefined) return begin(key, ask, signal);
      try {
        return await endedBy(signal, flight);
      } catch (error) {
        // Only the end of the one who had begun it is nothing to the others.
        if (signal.aborted || !flight.signal.aborted) throw error;
      }
    }
  };

  async function begin(key: string, ask: () => Promise<Json>, signal: AbortSignal): Promise<Json> {
    const { promise: answer, resolve, reject } = Promise.withResolvers<Json>();
    flights.set(key, { answer, signal });
    try {
      const given = await ask();
      kept.set(key, given);
      resolve(given);
    } catch (error) {
      reject(error);
    } finally {
      flights.delete(key);
    }
    return answer;
  }
}

/** Waits for a call that somebody else has begun, but no longer than `signal` allows. */
async function endedBy(signal: AbortSignal, flight: Flight): Promise<Json> {
  if (signal === flight.signal) return flight.answer;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([flight.answer, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
