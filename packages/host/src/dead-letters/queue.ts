import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../error-code.ts';
import { syncFolder, writeWhole } from '../whole-file.ts';
import { type Entry, lineOf, merged } from './entry.ts';
import { linesOf, mendTail } from './lines.ts';
import type { Parted } from './payload.ts';

/** What is known of the entry of one id, without its payload. */
export interface Kept {
  readonly seq: number;
  readonly lastFailedAt: number;
  /** How often it was written: the entry is all its lines, merged. */
  readonly lines: number;
  /** Name of its file, if the payload is kept apart. */
  readonly payload: string | undefined;
}

/** The entries of a file, by id. One task at a time may use it. */
export interface Queue {
  /** The oldest first. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** The newest number so far. */
  seq(): number;
  /**
   * Reads the file again if somebody has changed it: it may be edited or removed at any time.
   *
   * @returns how many bytes of a torn last line were cut off
   */
  refresh(): Promise<number>;
  /** Adds lines. They are on disk when it returns. */
  append(entries: readonly (Entry | Parted)[]): Promise<void>;
  /** Forgets entries; the file is written anew when enough of it is of no use. */
  remove(ids: readonly string[]): Promise<void>;
  /** Writes the file anew, one line for each id. */
  compact(): Promise<void>;
}

/** Lines of no use that are borne before the file is written anew. */
const maxStaleLines = 100;

/** Opens a queue. Its folder exists when something is appended. */
export function queue(file: string, payloadFolder: string): Queue {
  const kept = new Map<string, Kept>();
  let lines = 0;
  let seq = 0;
  let known: string | undefined;

  const keep = (entry: Entry): void => {
    const earlier = kept.get(entry.id);
    kept.set(entry.id, {
      seq: earlier?.seq ?? entry.seq,
      lastFailedAt: Date.parse(entry.last_failed_at),
      lines: (earlier?.lines ?? 0) + 1,
      payload: entry.payload_ref && path.basename(entry.payload_ref.file),
    });
    seq = Math.max(seq, entry.seq);
    lines++;
  };

  const compact = async (): Promise<void> => {
    if (kept.size === 0) await rm(file, { force: true });
    else await writeWhole(file, mergedLines(file, kept));
    for (const [id, one] of kept) kept.set(id, { ...one, lines: 1 });
    lines = kept.size;
    await sweep(payloadFolder, kept);
    known = await printOf(file);
  };

  return {
    kept,
    seq: () => seq,
    compact,
    async refresh() {
      if (known !== undefined && known === (await printOf(file))) return 0;
      known = undefined;
      const cut = await mendTail(file);
      kept.clear();
      lines = 0;
      for await (const entry of linesOf(file)) keep(entry);
      known = await printOf(file);
      return cut;
    },
    async append(entries) {
      const apart = entries.filter((one) => 'payload' in one);
      if (apart.length > 0) await writePayloads(payloadFolder, apart);
      const plain = entries.map((one) => ('payload' in one ? one.entry : one));
      // What is known of the file is settled again only when all of it is written.
      known = undefined;
      await appendText(file, plain.map(lineOf).join(''));
      for (const entry of plain) keep(entry);
      known = await printOf(file);
    },
    async remove(ids) {
      for (const id of ids) kept.delete(id);
      if (lines - kept.size > Math.max(maxStaleLines, kept.size)) await compact();
    },
  };
}

/** The lines of the entries that are kept, those of one id as one. */
async function* mergedLines(file: string, kept: ReadonlyMap<string, Kept>): AsyncGenerator<string> {
  const open = new Map<string, { readonly entry: Entry; readonly count: number }>();
  for await (const entry of linesOf(file)) {
    const { lines = 0 } = kept.get(entry.id) ?? {};
    const before = open.get(entry.id);
    const both = { entry: merged(before?.entry, entry), count: (before?.count ?? 0) + 1 };
    open.delete(entry.id);
    if (both.count === lines) yield lineOf(both.entry);
    else if (both.count < lines) open.set(entry.id, both);
  }
}

async function appendText(file: string, text: string): Promise<void> {
  const isNew = (await printOf(file)) === '';
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (isNew) await syncFolder(path.dirname(file));
}

async function writePayloads(folder: string, apart: readonly Parted[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { entry, payload } of apart) {
    await writeWhole(path.join(folder, path.basename(entry.payload_ref?.file ?? '')), payload);
  }
  await syncFolder(path.dirname(folder));
}

/** Removes payloads that belong to no entry any more. */
async function sweep(folder: string, kept: ReadonlyMap<string, Kept>): Promise<void> {
  const used = new Set([...kept.values()].map(({ payload }) => payload));
  for (const name of await readdir(folder).catch(() => [])) {
    if (!used.has(name)) await rm(path.join(folder, name), { force: true });
  }
}

/** Changes whenever somebody else has written the file; empty if there is none. */
async function printOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
