import { open, stat } from 'node:fs/promises';
import { notAFile, notFound, unreadable } from './faults.ts';
import { slidingWindow, type Window } from './window.ts';

/** A file that is open for reading. */
export interface Source {
  readonly file: string;
  /** Bytes that it held when it was opened. */
  readonly size: number;
  /** Opens a window at a byte of it. */
  window(from: number): Window;
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Opens a file. Its windows read blocks of `blockBytes`, until `signal` aborts.
 *
 * @throws `file.not-found`, `file.not-a-file`; `file.unreadable`, also where a window is filled
 */
export async function openSource(
  file: string,
  blockBytes: number,
  signal: AbortSignal,
): Promise<Source> {
  const refuse = (cause: unknown): never => {
    throw isMissing(cause) ? notFound(file, cause) : unreadable(file, cause);
  };
  // Asked before it is opened: to open a pipe is to wait for its writer.
  const stats = await stat(file).catch(refuse);
  if (!stats.isFile()) throw notAFile(file);
  const handle = await open(file).catch(refuse);
  const read = async (into: Buffer, position: number): Promise<number> => {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(into, 0, into.length, position).catch(refuse);
    return bytesRead;
  };

  return {
    file,
    size: stats.size,
    window: (from) => slidingWindow(read, blockBytes, from),
    close: () => handle.close(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
