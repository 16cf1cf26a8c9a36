import { isFault } from '@cannectors/core';
import { fieldsOf, rowScanner } from '@cannectors/kit-csv';
import { badHeader } from './faults.ts';
import { type PageOptions, textOf } from './pages.ts';
import type { Window } from './window.ts';

/**
 * Reads the row that names the columns, and moves the window behind it. Empty lines before it are
 * passed over. A file that ends before it has no columns, and no rows.
 *
 * @throws `file.bad-header`
 */
export async function header(
  window: Window,
  file: string,
  delimiter: string,
  { maxRecordBytes, takesTail }: PageOptions,
): Promise<string[]> {
  const scanner = rowScanner(delimiter);
  let scanned = 0;
  for (;;) {
    let end = scanner.end(window.bytes, scanned);
    if (end < 0) {
      scanned = window.bytes.length;
      if (scanned > maxRecordBytes) throw badHeader(file, 'it is too large.');
      if (await window.fill()) continue;
      if (scanned === 0 || !takesTail) return [];
      end = scanned;
    }
    const names = namesOf(window.bytes, end, file, delimiter);
    window.drop(Math.min(end + 1, window.bytes.length));
    scanned = 0;
    if (names.length > 0) return names;
  }
}

function namesOf(bytes: Buffer, end: number, file: string, delimiter: string): string[] {
  const names = fieldsIn(bytes, end, file, delimiter);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw badHeader(file, `\`${twice}\` stands there twice.`);
  return names;
}

function fieldsIn(bytes: Buffer, end: number, file: string, delimiter: string): string[] {
  try {
    const row = textOf(bytes, 0, end);
    return row === '' || row === '\r' ? [] : fieldsOf(row, delimiter);
  } catch (error) {
    throw isFault(error) ? badHeader(file, error.message) : error;
  }
}
