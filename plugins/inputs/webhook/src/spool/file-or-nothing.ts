import { readFile } from 'node:fs/promises';

/** The content of a file; nothing if there is none. */
export async function fileOrNothing(name: string): Promise<Buffer> {
  try {
    return await readFile(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
