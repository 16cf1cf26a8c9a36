import { close, fdatasync, fsync, open, write } from 'node:fs';
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
  /** Writes the frame with the next group; if it is lost in a crash, something is done twice. */
  note(frame: Buffer): void;
  /** Resolves when everything that was noted is durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

// Callbacks cost half of what `fs/promises` does, and this is on the way of every delivery.
const opened = promisify(open);
const synced = promisify(fsync);
const closed = promisify(close);

/** Makes a new file, whose entry in the folder is durable. */
export async function appendFile(file: string): Promise<AppendFile> {
  const descriptor = await opened(file, 'ax', 0o600);
  await syncFolder(path.dirname(file));
  let waiting: { frame: Buffer; done?: PromiseWithResolvers<void> }[] = [];
  let writing: Promise<void> | undefined;
  let failure: Error | undefined;
  let size = 0;
  let isClosed = false;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const isAwaited = group.some(({ done }) => done !== undefined);
      try {
        if (failure !== undefined) throw failure;
        await writeAll(descriptor, Buffer.concat(group.map(({ frame }) => frame)), isAwaited);
        for (const { done } of group) done?.resolve();
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        for (const { done } of group) done?.reject(failure);
      }
    }
    writing = undefined;
  };
  const add = (frame: Buffer, done?: PromiseWithResolvers<void>): void => {
    size += frame.length;
    waiting.push(done === undefined ? { frame } : { frame, done });
    // A moment later, so that what arrives in the same turn is in the group.
    writing ??= new Promise<void>((resolve) => void setImmediate(resolve)).then(flush);
  };
  const append = async (frame: Buffer): Promise<void> => {
    const done = Promise.withResolvers<void>();
    add(frame, done);
    await done.promise;
  };

  return {
    path: file,
    get size() {
      return size;
    },
    get isBroken() {
      return failure !== undefined;
    },
    append,
    note: (frame) => add(frame),
    sync: () => append(Buffer.alloc(0)),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await writing;
      await closed(descriptor);
    },
  };
}

function writeAll(descriptor: number, bytes: Buffer, isAwaited: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const writeFrom = (from: number): void => {
    write(descriptor, bytes, from, bytes.length - from, null, (error, written) => {
      if (error !== null) reject(error);
      else if (from + written < bytes.length) writeFrom(from + written);
      else if (!isAwaited) resolve();
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
