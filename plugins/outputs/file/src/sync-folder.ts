import { open } from 'node:fs/promises';

/** Makes names in a folder durable: a new file is not there after a crash before this. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
