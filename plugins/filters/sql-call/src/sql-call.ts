import type { Context, Filter, Item, Json } from '@cannectors/core';
import { answers, canonicalJson, merging } from '@cannectors/kit-call';
import { type Block, compileStatement, connector, inSeconds } from '@cannectors/kit-sql';
import type { Config } from './config.ts';
import { ownDatabase } from './database.ts';
import { inBatches } from './in-batches.ts';
import { isSelect } from './is-select.ts';
import { lookupOf } from './lookup.ts';

/** Asks a database for each record, or for many at a time, and puts the first row into it. */
export function sqlCall(config: Config, context: Context): Filter {
  const { lookup, cache, timestamps } = config;
  const { log } = context;
  const statement = compileStatement(config, context);
  const database = ownDatabase(connector(config, config));
  const merge = merging(config);
  const known = answers(cache, log);
  const isHeldBack = context.readOnly && !isSelect(statement.source);
  if (isHeldBack) log.warn('calls that may write are not made in this dry run');
  const keyOf = ({ record }: Item): string => `${statement.source}::${canonicalJson(record)}`;
  const powers = {
    open: async (signal: AbortSignal) => void (await database.open(signal)),
    close: () => database.close(),
  };
  const read = (block: Block): Block => {
    if (timestamps === 'seconds') inSeconds(block);
    return block;
  };

  if (lookup !== undefined) {
    const ask = lookupOf(statement, { ...config, lookup }, { database, read, log });
    // SQLite takes 32 766 values, and lists are filled up to the next power of two.
    const size = Math.min(lookup.batchSize, Math.floor(16_000 / lookup.key.length));
    return { ...powers, batch: inBatches({ size, known, keyOf, ask, merge }) };
  }
  return {
    ...powers,
    concurrency: 1,

    async each(item, signal) {
      if (isHeldBack) return item;
      const answer = await known.get(
        item,
        () => keyOf(item),
        () => first(item, signal),
        signal,
      );
      merge(item.record, answer);
      return item;
    },
  };

  /** Without a row the answer is empty. */
  function first(item: Item, signal: AbortSignal): Promise<Json> {
    return database.with(async (session, { driver }) => {
      const block = await session.rows(statement.bind(driver, item), signal);
      return read(block).records[0] ?? {};
    }, signal);
  }
}
