import type { FileHandle } from 'node:fs/promises';

/** Reads the text between two bytes of a file. A byte order mark at its start is left out. */
export async function textAt(handle: FileHandle, start: number, end: number): Promise<string> {
  const bytes = Buffer.allocUnsafe(end - start);
  let count = 0;
  while (count < bytes.length) {
    const { bytesRead } = await handle.read(bytes, count, bytes.length - count, start + count);
    if (bytesRead === 0) break;
    count += bytesRead;
  }
  return new TextDecoder().decode(bytes.subarray(0, count));
}
