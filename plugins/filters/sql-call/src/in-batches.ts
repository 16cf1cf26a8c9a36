import { type BatchFilter, faultOf, type Item, type Json } from '@cannectors/core';
import type { Answers, Merge } from '@cannectors/kit-call';
import type { Lookup } from './lookup.ts';

interface Parts {
  /** Records that are asked for at a time. */
  readonly size: number;
  readonly known: Answers;
  /** What tells answers apart in the cache. */
  readonly keyOf: (item: Item) => string;
  readonly ask: Lookup;
  readonly merge: Merge;
}

/**
 * Asks for some records at a time, so that a failure under `onError: fail` ends it early. The database
 * works on the next ones while the answers are put into their records.
 */
export function inBatches({ size, known, keyOf, ask, merge }: Parts): BatchFilter['batch'] {
  return async (items, signal, refuse) => {
    const kept: Item[] = [];
    const answersFrom = (from: number): Promise<(Json | Error)[]> => {
      const some = items.slice(from, from + size);
      return known.getAll(some, keyOf, (missing) => ask(missing, signal), signal);
    };
    let ahead = answersFrom(0);
    try {
      for (let from = 0; from < items.length; from += size) {
        const answers = await ahead;
        signal.throwIfAborted();
        if (from + size < items.length) ahead = answersFrom(from + size);
        for (const [at, answer] of answers.entries()) put(answer, from + at);
      }
    } finally {
      await ahead;
    }
    return kept;

    function put(answer: Json | Error, index: number): void {
      const item = items[index] as Item;
      try {
        if (answer instanceof Error) throw answer;
        merge(item.record, answer);
        kept.push(item);
      } catch (error) {
        if (refuse(index, faultOf(error, 'FILTER_FAILED'))) kept.push(item);
      }
    }
  };
}
