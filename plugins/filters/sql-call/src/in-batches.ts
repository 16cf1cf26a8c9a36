import { type BatchFilter, faultOf, type Item } from '@cannectors/core';
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

/** Asks for some records at a time, so that a failure under `onError: fail` ends it early. */
export function inBatches({ size, known, keyOf, ask, merge }: Parts): BatchFilter['batch'] {
  return async (items, signal, refuse) => {
    const kept: Item[] = [];
    for (let from = 0; from < items.length; from += size) {
      const some = items.slice(from, from + size);
      const given = await known.getAll(some, keyOf, (missing) => ask(missing, signal), signal);
      signal.throwIfAborted();
      for (const [index, item] of some.entries()) {
        try {
          const answer = given[index] ?? {};
          if (answer instanceof Error) throw answer;
          merge(item.record, answer);
          kept.push(item);
        } catch (error) {
          if (refuse(from + index, faultOf(error, 'FILTER_FAILED'))) kept.push(item);
        }
      }
    }
    return kept;
  };
}
