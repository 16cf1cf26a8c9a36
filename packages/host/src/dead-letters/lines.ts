import { open } from 'node:fs/promises';
import { codeOf } from '../error-code.ts';
import { parseExact } from '../exact-json.ts';
import type { Entry } from './entry.ts';
import { deadLettersUnreadable } from './faults.ts';

/**
 * Reads a file of dead letters, one line at a time. No file: no line.
 *
 * @throws `dead-letter.unreadable`
 */
export async function* linesOf(file: string): AsyncGenerator<Entry> {
  const handle = await open(file, 'r').catch(ignoreMissing);
  if (handle === undefined) return;
  let number = 0;
  for await (const line of handle.readLines()) {
    number++;
    if (line.trim() !== '') yield parsed(line, file, number);
  }
}

/**
 * Ends the file with a whole line: a crash may have cut the last one off, whose batch was then not
 * delivered and comes again.
 *
 * @returns how many bytes were cut off
 */
export async function mendTail(file: string): Promise<number> {
  const handle = await open(file, 'r+').catch(ignoreMissing);
  if (handle === undefined) return 0;
  try {
    const { size } = await handle.stat();
    const start = await lastLineStart(handle, size);
    if (start === size) return 0;
    const tail = Buffer.alloc(size - start);
    await handle.read(tail, 0, tail.length, start);
    const isWhole = isJson(tail.toString());
    if (isWhole) await handle.write('\n', size);
    else await handle.truncate(start);
    await handle.sync();
    return isWhole ? 0 : tail.length;
  } finally {
    await handle.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function lastLineStart(handle: Handle, size: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - chunk.length);
    await handle.read(chunk, 0, end - from, from);
    const found = chunk.subarray(0, end - from).lastIndexOf(10);
    if (found !== -1) return from + found + 1;
    end = from;
  }
  return 0;
}

function parsed(line: string, file: string, number: number): Entry {
  try {
    return parseExact(line) as unknown as Entry;
  } catch (error) {
    throw deadLettersUnreadable(file, number, error);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}
