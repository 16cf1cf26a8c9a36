import type { FileHandle } from 'node:fs/promises';
import {
  type Fault,
  isFault,
  type JsonRecord,
  type OutputBatch,
  type Rejection,
  type WriteResult,
} from '@cannectors/core';
import type { Encoder } from './layout.ts';
import { textBuffer } from './text-buffer.ts';

/** A file that batches are added to. */
export interface OpenFile {
  /** Whatever is written goes to its end. */
  readonly handle: FileHandle;
  readonly encoder: Encoder;
  /** Each batch is on the disk when it counts as written. */
  readonly isDurable: boolean;
}

/** Bytes that are handed to the system at once. */
const pieceBytes = 512 * 1024;

/**
 * Adds a batch to a file, all of it or nothing: what stands there when it fails is cut off again.
 * Records that have no place in the file are rejected.
 */
export async function addBatch(
  { handle, encoder, isDurable }: OpenFile,
  { items, failFast }: OutputBatch,
  signal: AbortSignal,
): Promise<WriteResult> {
  const rejected: Rejection[] = [];
  const maxRejected = failFast ? 1 : Infinity;
  const piece = textBuffer(pieceBytes);
  const writeBefore = async (text: string): Promise<void> => {
    signal.throwIfAborted();
    await handle.appendFile(piece.take());
    if (!piece.add(text)) await handle.appendFile(text);
  };
  const { size } = await handle.stat();
  let index = 0;

  try {
    const head = size === 0 ? encoder.head(items[0]?.record) : '';
    if (!piece.add(head)) await writeBefore(head);
    for (; index < items.length && rejected.length < maxRejected; index++) {
      const line = encoded(encoder, items[index]?.record ?? {});
      if (typeof line !== 'string') rejected.push({ index, fault: line });
      else if (!piece.add(line)) await writeBefore(line);
    }
    signal.throwIfAborted();
    await handle.appendFile(piece.take());
    if (isDurable) await handle.datasync();
  } catch (error) {
    // A file that keeps a part of a batch must not be written to again.
    await handle.truncate(size).catch(() => handle.close());
    throw error;
  }
  return { rejected, unsent: Array.from(items.keys()).slice(index) };
}

function encoded(encoder: Encoder, record: JsonRecord): string | Fault {
  try {
    return encoder.line(record);
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}
