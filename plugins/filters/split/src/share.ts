import type { JsonRecord } from '@cannectors/core';
import { copyOf, recordPath, targetPath } from '@cannectors/kit-record';
import type { Config } from './config.ts';

/**
 * Makes what a new record has of the old one. No two of them share an object; the last one may have
 * the old record itself.
 */
export type Share = (parent: JsonRecord, isLast: boolean) => JsonRecord;

/** Compiles `include` and `parentKey`. */
export function shareOf({ include, parentKey }: Pick<Config, 'include' | 'parentKey'>): Share {
  const whole: Share = (parent, isLast) => (isLast ? parent : copyOf(parent));
  if (parentKey !== undefined) {
    return (parent, isLast) => ({ [parentKey]: whole(parent, isLast) });
  }
  if (include === undefined) return whole;

  const paths = include.map((path, index) => ({
    from: recordPath(path, `/include/${index}`),
    to: targetPath(path, `/include/${index}`),
  }));
  return (parent) => {
    const share: JsonRecord = {};
    for (const { from, to } of paths) {
      const value = from.get(parent);
      if (value !== undefined) to.set(share, copyOf(value));
    }
    return share;
  };
}
