import type { Context, EachFilter } from '@cannectors/core';
import { recordPath, typeName } from '@cannectors/kit-record';
import { checkName } from './check-name.ts';
import type { Config } from './config.ts';
import { notAList } from './faults.ts';
import { walk } from './walk.ts';

export function loop(
  { field, itemName, filters }: Config,
  context: Pick<Context, 'filters'>,
): EachFilter {
  checkName(itemName, filters);
  const path = recordPath(field, '/field');
  const chain = context.filters(filters, '/filters');
  const { concurrency } = chain;

  return {
    ...(concurrency !== undefined && { concurrency }),

    each(item, signal, index) {
      signal.throwIfAborted();
      const list = path.get(item.record);
      if (list === undefined || list === null) return item;
      if (!Array.isArray(list)) throw notAList(field, typeName(list), index);

      const steps = walk(item, list, path, itemName);
      return concurrency === undefined
        ? steps.through(chain, signal)
        : steps.waitThrough(chain, signal);
    },

    close: () => chain.close?.(),
  };
}
