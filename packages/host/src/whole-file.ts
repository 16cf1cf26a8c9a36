import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Places in a write where a test may kill the process (reliability.md, F1). */
export type WriteFailpoint =
  | 'before-state-fsync'
  | 'after-state-fsync'
  | 'before-state-rename'
  | 'after-state-rename';

/**
 * Replaces a file as a whole, durably: after a crash it holds the old text or the new, never a part.
 *
 * The text goes to `<file>.tmp` first, so there may be one writer at a time.
 */
export async function writeWhole(
  file: string,
  text: string | AsyncIterable<string>,
  failpoint: (name: WriteFailpoint) => unknown = () => undefined,
): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await failpoint('before-state-fsync');
    await handle.sync();
    await failpoint('after-state-fsync');
  } finally {
    await handle.close();
  }
  await failpoint('before-state-rename');
  await rename(temporary, file);
  await failpoint('after-state-rename');
  // G4: the rename itself is on disk only after this.
  await syncFolder(path.dirname(file));
}

/** Makes a folder that only its owner can read, with those on the way. Durable when it returns. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder, and keeps its names durable by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
