import { close, fdatasync, fsync, open, write, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * A file that is only appended to. Frames that come while a write is under way share the next one, and
 * its sync: the cost of a sync is that of a group, not of a frame.
 */
export interface AppendFile {
  readonly path: string;
  /** Bytes that were given to it. */
  readonly size: number;
  /** A write has failed: what came after it is not in the file, and nothing more goes there. */
  readonly isBroken: boolean;
  /** Resolves when the frame is durable (G4). */
  append(frame: Buffer): Promise<void>;
  /**
   * Resolves when the frame is written: it survives the process, and a second later the machine. What
   * is lost is done twice.
   */
  note(frame: Buffer): Promise<void>;
  /** Resolves when everything that was noted is durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

// Callbacks cost half of what `fs/promises` does, and this is on the way of every delivery.
const opened = promisify(open);
const synced = promisify(fsync);
const closed = promisify(close);

interface Waiting {
  readonly frame: Buffer;
  readonly isDurable: boolean;
  readonly done: PromiseWithResolvers<void>;
}

/** Notes are not durable for longer than this. */
const syncMs = 1000;

/** Makes a new file, whose entry in the folder is durable. */
export async function appendFile(file: string): Promise<AppendFile> {
  const descriptor = await opened(file, 'ax', 0o600);
  await syncFolder(path.dirname(file));
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let failure: Error | undefined;
  let size = 0;
  let syncedAt = performance.now();
  let isClosed = false;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const now = performance.now();
      const syncs = now > syncedAt + syncMs || group.some(({ isDurable }) => isDurable);
      if (syncs) syncedAt = now;
      try {
        if (failure !== undefined) throw failure;
        const bytes = Buffer.concat(group.map(({ frame }) => frame));
        if (syncs) await writeAll(descriptor, bytes);
        else writeNow(descriptor, bytes);
        for (const { done } of group) done.resolve();
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        for (const { done } of group) done.reject(failure);
      }
    }
    writing = undefined;
  };
  const add = (frame: Buffer, isDurable: boolean): Promise<void> => {
    const done = Promise.withResolvers<void>();
    size += frame.length;
    waiting.push({ frame, isDurable, done });
    // A moment later, so that what arrives in the same turn is in the group.
    writing ??= new Promise<void>((resolve) => void setImmediate(resolve)).then(flush);
    return done.promise;
  };

  return {
    path: file,
    get size() {
      return size;
    },
    get isBroken() {
      return failure !== undefined;
    },
    append: (frame) => add(frame, true),
    note: (frame) => add(frame, false),
    sync: () => add(Buffer.alloc(0), true),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await writing;
      await closed(descriptor);
    },
  };
}

/** Notes are some bytes for the page cache: to hand them to another thread costs ten times as much. */
function writeNow(descriptor: number, bytes: Buffer): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(descriptor, bytes, at);
}

function writeAll(descriptor: number, bytes: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const writeFrom = (from: number): void => {
    write(descriptor, bytes, from, bytes.length - from, null, (error, written) => {
      if (error !== null) reject(error);
      else if (from + written < bytes.length) writeFrom(from + written);
      else fdatasync(descriptor, (problem) => (problem === null ? resolve() : reject(problem)));
    });
  };
  writeFrom(0);
  return promise;
}

/** Makes durable that a file was made, renamed or removed. */
export async function syncFolder(folder: string): Promise<void> {
  const descriptor = await opened(folder, 'r', 0);
  try {
    await synced(descriptor);
  } finally {
    await closed(descriptor);
  }
}
