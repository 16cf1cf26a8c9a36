import type { FileHandle } from 'node:fs/promises';
import { isRecord, jsonText, parseJson } from '@cannectors/kit-record';
import type { Encoder, Layout } from './layout.ts';

const lineFeed = 0x0a;
const blockBytes = 64 * 1024;

/** NDJSON: a JSON object on each line. */
export function lines(): Layout {
  const encoder: Encoder = { head: () => '', line: (record) => `${jsonText(record)}\n` };
  return {
    begin: () => encoder,
    resume: async ({ handle, size }) => ({
      encoder,
      tail: await lastLineStart(handle, size),
      isWhole,
      isOurs: (text) => text.startsWith('{'),
    }),
  };
}

/** Looks back from the end: a long file costs no more than a short one. */
async function lastLineStart(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.allocUnsafe(blockBytes);
  for (let end = size; end > 0; end -= blockBytes) {
    const start = Math.max(end - blockBytes, 0);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

function isWhole(text: string): boolean {
  try {
    return isRecord(parseJson(text));
  } catch {
    return false;
  }
}
