import { type Filter, isFault, type Item, itemOf, type JsonRecord } from '@cannectors/core';
import { completeConfig, fakeContext } from '@cannectors/testkit';
import { onTestFinished } from 'vitest';
import plugin from '../src/index.ts';

const forever = new AbortController().signal;

/** What became of a record: the record, or `{ fault }` with its code. */
export type Fate = JsonRecord;

/** A filter that is closed after the test. `ask` gives it records as the kernel does. */
export async function filterFor(
  config: JsonRecord,
  options: Parameters<typeof fakeContext>[0] = {},
) {
  const context = fakeContext(options);
  const filter = plugin.create((await completeConfig(plugin, config)) as never, context);
  onTestFinished(() => filter.close?.());

  const ask = async (records: readonly JsonRecord[], signal = forever): Promise<Fate[]> => {
    const items = records.map((record) => itemOf(structuredClone(record)));
    const fates: Fate[] = items.map(({ record }) => record);
    const failed = (index: number, error: unknown): void => {
      if (!isFault(error)) throw error;
      fates[index] = { fault: error.code, message: error.message };
    };
    await (filter as { open?(signal: AbortSignal): Promise<void> }).open?.(signal);
    await passed(filter, items, signal, failed);
    return fates;
  };
  return { filter, context, ask };
}

async function passed(
  filter: Filter,
  items: Item[],
  signal: AbortSignal,
  failed: (index: number, error: unknown) => void,
): Promise<void> {
  if ('batch' in filter) {
    await filter.batch(items, signal, (index, fault) => {
      failed(index, fault);
      return false;
    });
    return;
  }
  for (const [index, item] of items.entries()) {
    try {
      await filter.each(item, signal, index);
    } catch (error) {
      failed(index, error);
    }
  }
}

/** Codes of the faults, or `ok`. */
export function codes(fates: readonly Fate[]): unknown[] {
  return fates.map(({ fault }) => fault ?? 'ok');
}

/** The cache, on. */
export function cacheOf(more: JsonRecord = {}): JsonRecord {
  return { enabled: true, ...more };
}
