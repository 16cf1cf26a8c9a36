import type { Fault, Json, JsonRecord } from '@cannectors/core';
import { copyOf, isRecord, mergeDeep, setKey, targetPath, typeName } from '@cannectors/kit-record';
import type { CallConfig } from './config.ts';
import { mergeMismatch, noResultKey } from './faults.ts';

/**
 * Puts an answer into a record, in place. The answer is copied: the two share nothing afterwards.
 *
 * @throws what `mismatch` makes when the answer has a shape that does not fit; the record is then as
 *   it was
 */
export type Merge = (record: JsonRecord, answer: Json) => void;

/**
 * Compiles the merge contract of the call filters.
 *
 * `merge` merges objects at every depth, and on any other collision the answer wins; `replace` sets
 * the root keys of the answer; both do nothing with an empty list. `append` stores an object or a list
 * under `resultKey`, a flat key.
 *
 * @param mismatch makes the fault of an answer that does not fit, in the words of the plugin
 * @throws `call.no-result-key`; `record.reserved` and `record.forbidden-key` for a `resultKey` that is
 *   out of reach, whatever the strategy
 * @see spec/connectors/filters.md, section 9
 */
export function merging(
  { mergeStrategy, resultKey = '' }: Omit<CallConfig, 'cache'>,
  mismatch: (reason: string) => Fault = mergeMismatch,
): Merge {
  // It is no path, but what paths may not write is out of its reach too.
  targetPath(resultKey, '/resultKey');
  if (mergeStrategy === 'append') {
    if (resultKey.trim() === '') throw noResultKey();
    return (record, answer) => {
      if (typeof answer !== 'object' || answer === null) throw mismatch(unfit('append', answer));
      setKey(record, resultKey, copyOf(answer));
    };
  }
  const put = mergeStrategy === 'merge' ? mergeDeep : replaceKeys;
  return (record, answer) => {
    if (isRecord(answer)) return put(record, answer);
    const isNothing = Array.isArray(answer) && answer.length === 0;
    if (!isNothing) throw mismatch(unfit(mergeStrategy, answer));
  };
}

function replaceKeys(record: JsonRecord, answer: JsonRecord): void {
  for (const [key, value] of Object.entries(answer)) setKey(record, key, copyOf(value));
}

function unfit(strategy: CallConfig['mergeStrategy'], answer: Json): string {
  if (!Array.isArray(answer)) return `cannot ${strategy} a value of type ${typeName(answer)}`;
  const items = answer.length === 1 ? '1 item' : `${answer.length} items`;
  return `cannot ${strategy} a list of ${items} into a record, use mergeStrategy append`;
}
