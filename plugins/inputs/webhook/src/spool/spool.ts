import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '@cannectors/core';
import { spoolDamaged, spoolFailed } from '../faults.ts';
import { type AppendFile, appendFile, syncFolder } from './append-file.ts';
import {
  acceptedParts,
  type Entry,
  entryIn,
  sequenceIn,
  sequencePart,
  type Store,
} from './entry.ts';
import { fileOrNothing } from './file-or-nothing.ts';
import { type FoundFrame, frameOf, framesIn } from './frame.ts';

/** A pair of files of the spool, and how many of its deliveries are not done. */
interface Segment {
  /** Without an ending. */
  readonly path: string;
  open: number;
}

interface Place {
  readonly segment: Segment;
  readonly bodyAt: number;
  /** As long as there is room in memory. */
  body: Buffer | undefined;
}

const segmentBytes = 16 * 1024 * 1024;
/** After a failed write nothing is tried for so long: a full disk is not filled with files. */
const restMs = 1000;
/** Bodies that wait are kept in memory up to this, and read from the file beyond. */
const memoryBytes = 16 * 1024 * 1024;

/**
 * Keeps deliveries in files of a folder, and gives them back after a crash, in order.
 *
 * Deliveries are appended to the newest `.spool`, notes that one is done to the `.done` beside it, which
 * need not wait for a sync. Both go when all deliveries of the first are done and no older one is left.
 * A delivery is durable when `add` resolves (G4); a lost note repeats a delivery.
 */
export function spool(folder: string, log: Log): Store {
  const places = new Map<number, Place>();
  const segments: Segment[] = [];
  let file: AppendFile | undefined;
  let notes: AppendFile | undefined;
  let opening: Promise<AppendFile> | undefined;
  let next = 1;
  let fileNumber = 1;
  let begunAt = -Infinity;
  let held = 0;
  let cleaning: Promise<void> = Promise.resolve();

  const begin = async (): Promise<AppendFile> => {
    const name = path.join(folder, String(fileNumber++).padStart(8, '0'));
    begunAt = performance.now();
    const made = await appendFile(`${name}.spool`);
    const madeNotes = await appendFile(`${name}.done`);
    segments.push({ path: name, open: 0 });
    const old = [file, notes];
    file = made;
    notes = madeNotes;
    for (const one of old) await one?.close();
    return made;
  };
  /** The file to append to: another one when this is large, or a write to it has failed. */
  const current = (): AppendFile | Promise<AppendFile> => {
    if (file !== undefined && !file.isBroken && file.size < segmentBytes) return file;
    if (file?.isBroken === true && performance.now() < begunAt + restMs) {
      return Promise.reject(spoolFailed(folder, 'a write has failed a moment ago'));
    }
    return (opening ??= begin().finally(() => void (opening = undefined)));
  };
  const removeDone = async (): Promise<void> => {
    while (segments.length > 1 && segments[0]?.open === 0) {
      const [oldest] = segments.splice(0, 1);
      if (oldest === undefined) return;
      for (const end of ['.spool', '.done']) await rm(oldest.path + end, { force: true });
    }
  };
  const clean = (): void => {
    cleaning = cleaning.then(removeDone).catch((error: unknown) => {
      log.warn('file of the queue is not removed', { error: (error as Error).message });
    });
  };

  const framesOf = async (name: string): Promise<readonly FoundFrame[]> => {
    const file = await fileOrNothing(name);
    const { frames, torn, damagedAt } = framesIn(file);
    if (damagedAt !== undefined) throw spoolDamaged(name, damagedAt);
    // Nobody was told that it is stored.
    if (torn > 0) log.warn('unfinished line in the queue', { file: name, bytes: torn });
    return frames;
  };
  const load = async (name: string): Promise<Entry[]> => {
    const segment: Segment = { path: name, open: 0 };
    segments.push(segment);
    const entries: Entry[] = [];
    for (const { content, at } of await framesOf(`${name}.spool`)) {
      const { entry, bodyAt } = entryIn(content, at);
      segment.open++;
      places.set(entry.sequence, { segment, bodyAt, body: undefined });
      next = Math.max(next, entry.sequence + 1);
      entries.push(entry);
    }
    return entries;
  };
  const forget = (sequence: number): void => {
    const place = places.get(sequence);
    if (place === undefined) return;
    places.delete(sequence);
    place.segment.open--;
    held -= place.body?.length ?? 0;
    if (place.segment.open === 0 && place.segment === segments[0]) clean();
  };

  return {
    isDurable: true,
    async open() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const numbers = (await readdir(folder))
          .flatMap((name) => /^(\d{8})\.spool$/.exec(name)?.[1] ?? [])
          .toSorted();
        const entries: Entry[] = [];
        for (const number of numbers) {
          entries.push(...(await load(path.join(folder, number))));
          fileNumber = Number.parseInt(number, 10) + 1;
        }
        for (const number of numbers) {
          const done = await framesOf(path.join(folder, `${number}.done`));
          for (const { content } of done) forget(sequenceIn(content));
        }
        await begin();
        await removeDone();
        await syncFolder(folder);
        return entries.filter(({ sequence }) => places.has(sequence));
      } catch (error) {
        throw error instanceof Error && 'code' in error && !('category' in error)
          ? spoolFailed(folder, error)
          : error;
      }
    },
    async add(facts, body) {
      const target = current();
      const into = target instanceof Promise ? await target : target;
      const sequence = next++;
      const parts = acceptedParts(sequence, facts, body);
      const frame = frameOf(...parts);
      const segment = segments.at(-1) as Segment;
      const bodyAt = into.size + frame.length - body.length;
      const isHeld = held + body.length <= memoryBytes;
      if (isHeld) held += body.length;
      places.set(sequence, { segment, bodyAt, body: isHeld ? body : undefined });
      segment.open++;
      try {
        await into.append(frame);
      } catch (error) {
        forget(sequence);
        throw spoolFailed(folder, error);
      }
      return { sequence, facts, bytes: body.length };
    },
    async bodyOf({ sequence, bytes }) {
      const place = places.get(sequence);
      if (place === undefined) throw new TypeError(`Delivery ${sequence} is done.`);
      return place.body ?? (await bodyIn(place, bytes));
    },
    async done({ sequence }) {
      if (!places.has(sequence)) return;
      await notes?.note(frameOf(sequencePart(sequence)));
      forget(sequence);
    },
    async close() {
      await opening?.catch(() => undefined);
      await notes?.sync().catch(() => undefined);
      for (const one of [file, notes]) await one?.close();
      await cleaning;
    },
  };
}

async function bodyIn({ segment, bodyAt }: Place, bytes: number): Promise<Buffer> {
  const handle = await open(`${segment.path}.spool`, 'r');
  try {
    const body = Buffer.alloc(bytes);
    await handle.read(body, 0, bytes, bodyAt);
    return body;
  } finally {
    await handle.close();
  }
}
