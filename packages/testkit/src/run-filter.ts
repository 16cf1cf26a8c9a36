import type { Filter, Item } from '@cannectors/core';

/** Sends a batch through a filter as the kernel would, `flush` included; stops at the first fault. */
export async function runFilter(filter: Filter, items: Item[]): Promise<Item[]> {
  const { signal } = new AbortController();
  if ('batch' in filter) {
    const out = await filter.batch(items, signal, (_, fault) => {
      throw fault;
    });
    return filter.flush === undefined ? out : [...out, ...(await filter.flush(signal))];
  }
  const out: Item[] = [];
  for (const [index, item] of items.entries()) {
    const result = filter.each(item, signal, index);
    out.push(...listOf(filter.concurrency === undefined ? result : await result));
  }
  return out;
}

function listOf(result: unknown): Item[] {
  if (result instanceof Promise) {
    throw new TypeError('`each` gave a promise: a filter that waits says so with `concurrency`.');
  }
  if (result === null) return [];
  return Array.isArray(result) ? (result as Item[]) : [result as Item];
}
