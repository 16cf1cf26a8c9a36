import { type Each, type EachFilter, faultOf, type Item, type Json } from '@cannectors/core';
import { isRecord, type RecordPath } from '@cannectors/kit-record';
import { failedAt, madeObject, manyRecords } from './faults.ts';
import { openScope } from './scope.ts';

/** The way of one list through the nested filters, element after element. */
export interface Walk {
  through(chain: EachFilter, signal: AbortSignal): Item;
  /** The same for filters that wait. */
  waitThrough(chain: EachFilter, signal: AbortSignal): Promise<Item>;
}

/**
 * Prepares the way of the list that stands at `path`.
 *
 * What was done when an element fails stays done, and the rest of the list stays as it was.
 *
 * @see spec/connectors/filters.md, section 5.2
 */
export function walk(item: Item, list: readonly Json[], path: RecordPath, itemName: string): Walk {
  const elements = [...list];
  const scope = openScope(item, itemName);
  const done: Json[] = [];
  let seen = 0;

  const take = (result: Each): void => {
    const [one, ...more] = Array.isArray(result) ? result : [result];
    if (more.length > 0) throw manyRecords(seen);
    if (one === undefined || one === null) return;
    scope.lift(one.record, seen);
    const value = scope.leave(one.record, seen);
    if (value === undefined) return;
    if (isRecord(value) && !isRecord(elements[seen])) throw madeObject(itemName, seen);
    done.push(value);
  };
  const failure = (error: unknown, { record }: Item, { aborted }: AbortSignal): unknown => {
    scope.lift(record, seen);
    return aborted ? error : failedAt(faultOf(error, 'FILTER_FAILED'), seen);
  };
  const close = (): void => {
    path.set(item.record, [...done, ...elements.slice(seen)]);
    scope.close();
  };

  return {
    through(chain, signal) {
      try {
        for (const element of elements) {
          signal.throwIfAborted();
          const entered = scope.enter(element, seen);
          let result: Each;
          try {
            result = chain.each(entered, signal, seen) as Each;
          } catch (error) {
            throw failure(error, entered, signal);
          }
          take(result);
          seen++;
        }
        return item;
      } finally {
        close();
      }
    },
    async waitThrough(chain, signal) {
      try {
        for (const element of elements) {
          signal.throwIfAborted();
          const entered = scope.enter(element, seen);
          let result: Each;
          try {
            result = await chain.each(entered, signal, seen);
          } catch (error) {
            throw failure(error, entered, signal);
          }
          take(result);
          seen++;
        }
        return item;
      } finally {
        close();
      }
    },
  };
}
