import type { EachFilter } from '@cannectors/core';
import { recordPath } from '@cannectors/kit-record';
import type { Config } from './config.ts';

/** Removes fields from every record. */
export function remove({ target }: Config): EachFilter {
  const paths =
    typeof target === 'string'
      ? [recordPath(target, '/target')]
      : Array.from(new Set(target), (source) =>
          recordPath(source, `/target/${target.indexOf(source)}`),
        );

  return {
    each(item) {
      for (const path of paths) path.delete(item.record);
      return item;
    },
  };
}
