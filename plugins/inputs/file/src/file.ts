import type { Chunk, Context, Input, Json } from '@cannectors/core';
import { cursors } from '@cannectors/kit-cursor';
import type { Config } from './config.ts';
import { atPlace, unknownFormat, wrongColumns } from './faults.ts';
import { formatOf } from './format.ts';
import type { Page } from './pages.ts';
import { reading } from './reading.ts';
import { openSource, type Source } from './source.ts';

/**
 * What is read at once, and so the size of a page. The smaller one lets records die young: a run over
 * 100 MB takes 120 MB of memory, not 200. The larger one is for pages that are delivered one by one,
 * each with a checkpoint to save.
 */
const blockBytes = 256 * 1024;
const savedBlockBytes = 4 * 1024 * 1024;

/** Reads records from a file, from its start or from where the last run ended. */
export function file(config: Config, context: Context): Input {
  const { limits, log } = context;
  const path = context.file(config.path);
  const format = formatOf(config);
  // `validate` sees the path before the environment is put into it.
  if (format === undefined && !config.path.includes('${')) throw unknownFormat(config.path);
  const { header, columns } = config.csv;
  if (header === (columns !== undefined)) throw wrongColumns(header);

  const cursor = cursors(config.statePersistence, log);
  const block = cursor.isActive ? savedBlockBytes : blockBytes;
  const options = {
    maxRecordBytes: limits.maxRecordBytes,
    takesTail: !cursor.isActive,
    log,
  };
  const open = (signal: AbortSignal): Promise<Source> =>
    openSource(path, Math.min(block, limits.maxPageBytes), signal);
  let source: Source | undefined;

  return {
    async open(signal) {
      await (await open(signal)).close();
    },

    async *read({ checkpoint, signal }) {
      if (format === undefined) throw unknownFormat(path);
      const run = cursor.begin(checkpoint, new Date());
      const opened = await open(signal);
      source = opened;
      const isOver = (): boolean => signal.aborted || source !== opened;
      let end = run.offset;
      let isSaid = false;
      try {
        for await (const page of reading(format, opened, end, config, options)) {
          if (isOver()) return;
          ({ end } = page);
          isSaid = page.items.length > 0 || page.failures.length > 0;
          if (isSaid) yield chunkOf(page, path, run.observe([], end));
        }
        const checkpoint = run.observe([], end);
        // How far it got is worth a word also where nothing was found.
        if (checkpoint !== undefined && !isSaid) yield { items: [], checkpoint };
      } catch (error) {
        if (!isOver()) throw error;
      } finally {
        await opened.close();
      }
    },

    async close() {
      const opened = source;
      source = undefined;
      await opened?.close();
    },
  };
}

function chunkOf(
  { items, failures, bytes }: Page,
  path: string,
  checkpoint: Json | undefined,
): Chunk {
  const unreadable = failures.map(({ place, raw, fault }) => ({
    raw,
    fault: atPlace(path, place, fault),
  }));
  return { items, bytes, unreadable, ...(checkpoint !== undefined && { checkpoint }) };
}
