import { access, constants, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isFault, type Output } from '@cannectors/core';
import { addBatch, type OpenFile } from './batch.ts';
import { unwritable } from './faults.ts';
import type { Layout } from './layout.ts';
import { syncFolder } from './sync-folder.ts';

/** A file that is not yet where it belongs. */
interface Draft extends OpenFile {
  readonly place: string;
  readonly target: string;
}

/**
 * Writes a new file beside the old one, and puts it in its place when the run has ended well.
 * Readers see the one or the other, never a part.
 */
export function replacing(path: string, layout: Layout): Omit<Output, 'preview'> {
  let draft: Draft | undefined;

  const guarded = async <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await task();
    } catch (error) {
      throw signal?.aborted === true || isFault(error) ? error : unwritable(path, error);
    }
  };
  const begun = async (): Promise<Draft> => {
    draft ??= await begin(path, layout);
    return draft;
  };

  return {
    wholeRun: true,
    open: () =>
      guarded(async () => {
        await mkdir(dirname(path), { recursive: true });
        await access(dirname(path), constants.W_OK);
      }),
    async write(batch, signal) {
      if (batch.items.length === 0) return {};
      signal.throwIfAborted();
      return await guarded(async () => addBatch(await begun(), batch, signal), signal);
    },
    flush: () =>
      guarded(async () => {
        // A run without records leaves a file without records.
        await publish(await begun());
        draft = undefined;
      }),
    async close() {
      const abandoned = draft;
      draft = undefined;
      await abandoned?.handle.close();
      if (abandoned !== undefined) await rm(abandoned.place, { force: true });
    },
  };
}

async function begin(path: string, layout: Layout): Promise<Draft> {
  // A link goes on pointing to the file.
  const target = await realpath(path).catch(() => path);
  const place = join(dirname(target), `.${basename(target)}.tmp`);
  // Left by a run that was killed.
  await rm(place, { force: true });
  const mode = await stat(target).then(
    (old) => old.mode,
    () => undefined,
  );
  const handle = await open(place, 'ax');
  if (mode !== undefined) await handle.chmod(mode);
  return { handle, encoder: layout.begin(), isDurable: false, place, target };
}

async function publish({ handle, encoder, place, target }: Draft): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) await handle.appendFile(encoder.head(undefined));
  await handle.sync();
  await handle.close();
  await rename(place, target);
  await syncFolder(dirname(target));
}
