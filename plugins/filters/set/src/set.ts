import type { EachFilter, Json } from '@cannectors/core';
import { copyOf, targetPath } from '@cannectors/kit-record';
import type { Config } from './config.ts';
import { unwritable } from './faults.ts';

/** Writes a constant into every record. */
export function set({ target, value }: Config): EachFilter {
  const path = targetPath(target, '/target');
  const copy = copier(value);

  return {
    each(item, _signal, index) {
      try {
        path.set(item.record, copy());
      } catch (error) {
        throw unwritable(error, index);
      }
      return item;
    },
  };
}

/** Two records never share an object; only objects pay for that. */
function copier(value: Json): () => Json {
  return typeof value === 'object' && value !== null ? () => copyOf(value) : () => value;
}
