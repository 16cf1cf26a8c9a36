import { type BatchFilter, type Context, type Item, itemOf, type Meta } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import { batchSandbox, limitsOf, recordText, scriptSource } from '@cannectors/kit-script';
import type { Config } from './config.ts';

export function javascript(
  { inline, scriptFile: file, limits }: Config,
  context: Pick<Context, 'file' | 'log'>,
): BatchFilter {
  const { log } = context;
  const script = scriptSource({ text: inline, file, key: 'inline' }, 'batch', context);
  const sandbox = batchSandbox({ script, limits: limitsOf(limits), log });

  return {
    open: (signal) => sandbox.open(signal),
    async batch(items, signal) {
      if (items.length === 0) return items;
      const written = items.map(({ record }) => recordText(record));
      const facts = factsOf(items);
      const { records, origins } = await sandbox.run({
        texts: written.map(({ text }) => text),
        isExact: written.some(({ isExact }) => isExact),
        signal,
        ...(facts !== undefined && { facts }),
      });
      const known = new Set<number>();
      return records.map((record, index) => {
        const origin = origins[index] ?? -1;
        const item = items[origin];
        if (item === undefined) return itemOf(record);
        if (known.has(origin)) return itemOf(record, derived(item.meta));
        known.add(origin);
        item.record = record;
        return item;
      });
    },
    close: () => sandbox.close(),
  };
}

/** What is known of the records beside them; nothing, if nothing is known of any. */
function factsOf(items: readonly Item[]): string | undefined {
  const isKnown = items.some(({ meta }) => Object.keys(meta).length > 0);
  return isKnown ? jsonText(items.map(({ meta }) => meta as never)) : undefined;
}

/** A second copy of a record is another record: it shares everything but the id. */
function derived(meta: Meta): Meta {
  return Object.fromEntries(Object.entries(meta).filter(([fact]) => fact !== 'id'));
}
