import type { JsonRecord } from '@cannectors/core';
import { copyOf } from './copy-of.ts';
import { isRecord } from './is-record.ts';
import { setKey } from './set-key.ts';

/**
 * Merges `source` into `target`, in place.
 *
 * Objects are merged key by key; on any other collision the value of `source` wins, so lists are
 * replaced and not joined. `source` is copied: the two share nothing afterwards.
 */
export function mergeDeep(target: JsonRecord, source: JsonRecord): void {
  for (const [key, value] of Object.entries(source)) {
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (isRecord(value) && isRecord(present)) mergeDeep(present, value);
    else setKey(target, key, copyOf(value));
  }
}
