import { type Context, type Input, itemOf } from '@cannectors/core';
import { type CursorRun, cursors } from '@cannectors/kit-cursor';
import { type Block, connector, type Database, inSeconds, type Session } from '@cannectors/kit-sql';
import type { Config } from './config.ts';
import { pagesFrom } from './pages.ts';
import { impliedParameters, persistenceOf } from './persistence.ts';
import { queryOf } from './query.ts';

/** Reads the rows of a query through a cursor on the server, so that memory stays flat. */
export function database(config: Config, context: Context): Input {
  const { pagination, fetchSize, timestamps } = config;
  const { log } = context;
  const way = connector(config, config);
  const persistence = persistenceOf(config, log);
  const cursor = cursors(persistence, log);
  const query = queryOf(config, context, impliedParameters(persistence));
  cursor.checkNames(query.stateNames, '/parameters');
  const closed = new AbortController();
  let opened: Database | undefined;
  /** The connection that a run has borrowed. */
  let session: Session | undefined;

  return {
    async open(signal) {
      opened ??= await way.open(signal);
    },

    async *read({ checkpoint, signal }) {
      const run = cursor.begin(checkpoint, new Date());
      const started = performance.now();
      const duration = (): number => Math.round(performance.now() - started);
      let count = 0;
      log.info('database input fetch started');
      try {
        for await (const block of blocks(run, signal)) {
          const items = block.records.map((record) => itemOf(record));
          count += items.length;
          const position = run.observe(items);
          // The cursor has seen every digit by now.
          if (timestamps === 'seconds') inSeconds(block);
          yield { items, ...(position !== undefined && { checkpoint: position }) };
        }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log.error('database input fetch failed', { duration_ms: duration(), error: message });
        throw error;
      }
      log.info('database input fetch completed', { record_count: count, duration_ms: duration() });
      const last = run.finish();
      if (last !== undefined) yield { items: [], checkpoint: last };
    },

    async close() {
      closed.abort();
      await release();
      await opened?.close();
      opened = undefined;
    },
  };

  async function* blocks(run: CursorRun, signal: AbortSignal): AsyncGenerator<Block> {
    if (opened === undefined) return;
    const end = AbortSignal.any([signal, closed.signal]);
    const { driver } = opened;
    const pages = pagesFrom(run.offset, pagination);
    session = await opened.acquire(end);
    try {
      do {
        const bound = query.bind(driver, run.state, pages.variables);
        for await (const block of session.blocks(bound, fetchSize, end)) {
          pages.observe(block.records);
          yield block;
        }
      } while (pages.next());
    } finally {
      await release();
    }
  }

  /** A database waits for its connections when it is closed, so a reading that was left gives its own back. */
  async function release(): Promise<void> {
    const borrowed = session;
    session = undefined;
    await borrowed?.release();
  }
}
