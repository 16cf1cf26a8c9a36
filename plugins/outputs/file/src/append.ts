import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Context, isFault, type Output } from '@cannectors/core';
import { addBatch, type OpenFile } from './batch.ts';
import { foreignEnd, unwritable } from './faults.ts';
import type { Existing, Layout, Resumed } from './layout.ts';
import { syncFolder } from './sync-folder.ts';
import { textAt } from './text-at.ts';

/** Adds to a file. Every batch is on the disk when it counts as delivered. */
export function appending(
  path: string,
  layout: Layout,
  context: Context,
): Pick<Output, 'open' | 'write' | 'close'> {
  let file: OpenFile | undefined;

  const close = async (): Promise<void> => {
    const open = file;
    file = undefined;
    await open?.handle.close();
  };
  const opened = async (): Promise<OpenFile> => {
    file ??= await openAtEnd(path, layout, context);
    return file;
  };

  return {
    async open() {
      try {
        await opened();
      } catch (error) {
        throw isFault(error) ? error : unwritable(path, error);
      }
    },
    async write(batch, signal) {
      if (batch.items.length === 0) return {};
      signal.throwIfAborted();
      try {
        return await addBatch(await opened(), batch, signal);
      } catch (error) {
        // The next batch looks at the file anew.
        await close();
        throw signal.aborted || isFault(error) ? error : unwritable(path, error);
      }
    },
    close,
  };
}

async function openAtEnd(path: string, layout: Layout, context: Context): Promise<OpenFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+');
  try {
    const { size } = await handle.stat();
    if (size === 0) {
      await syncFolder(dirname(path));
      return { handle, encoder: layout.begin(), isDurable: true };
    }
    const existing = { path, handle, size };
    const resumed = await layout.resume(existing);
    await mend(existing, resumed, context);
    return { handle, encoder: resumed.encoder, isDurable: true };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Gives a last line its line break, or cuts it off when a crash has left only a part of it. */
async function mend(
  { path, handle, size }: Existing,
  resumed: Resumed,
  { limits, log }: Context,
): Promise<void> {
  const fields = { file: path, bytes: size - resumed.tail };
  if (fields.bytes === 0) return;
  // What is not from here is not cut: somebody may have named the wrong file.
  if (fields.bytes > limits.maxRecordBytes) throw foreignEnd(path);
  const text = await textAt(handle, resumed.tail, size);
  if (resumed.isWhole(text)) {
    await handle.appendFile('\n');
    log.warn('last line had no line break, which was added', fields);
    return;
  }
  if (!resumed.isOurs(text)) throw foreignEnd(path);
  await handle.truncate(resumed.tail);
  log.warn('torn last line was cut off', fields);
}
