import { isAscii, isUtf8 } from 'node:buffer';
import { type Fault, isFault, type Item, itemOf, type JsonRecord } from '@cannectors/core';
import { notUtf8, type Place, recordTooLarge } from './faults.ts';
import type { Window } from './window.ts';

/** How records follow each other in a file. Made for one reading: it remembers where it is. */
export interface Splitter {
  /**
   * Finds the byte behind the record that begins or goes on at `from`. -1: it is not among these
   * bytes, which are not shown again; the next call brings what follows them.
   */
  next(bytes: Buffer, from: number): number;
  /** Where the record stands that `next` has found, or is looking for. */
  readonly place: Place;
  /** No more records follow, whatever follows. */
  readonly isDone: boolean;
  /**
   * Makes a record of its text. `undefined`: there was none, as on an empty line.
   *
   * @throws the fault that keeps the text from being a record
   */
  record(text: string): JsonRecord | undefined;
  /** Records hold parts of their text, and so all of it in memory. */
  readonly keepsText: boolean;
  /** Takes many records at once, from the start of one. `undefined`: only one by one is safe here. */
  run?(bytes: Buffer, from: number): Run | undefined;
}

/** Records that follow each other, and where the next one begins. */
export interface Run {
  readonly records: readonly JsonRecord[];
  readonly end: number;
}

/** Records that were read together. */
export interface Page {
  readonly items: Item[];
  readonly failures: readonly Failure[];
  /** What it took of the file. */
  readonly bytes: number;
  /** Where reading may go on after it. Bytes, unless the reader counts otherwise. */
  readonly end: number;
}

/** Something that should have been a record. */
export interface Failure {
  readonly place: Place;
  readonly raw: string;
  readonly fault: Fault;
}

/** How pages are made. */
export interface PageOptions {
  /** A larger record is passed over, and never held as a whole. */
  readonly maxRecordBytes: number;
  /** Whether the end of the file ends a record too. */
  readonly takesTail: boolean;
}

/** How much is kept of a record that is too large. */
const headBytes = 1024;

/**
 * Cuts records out of a window, one page for each block, until the splitter is done or the file
 * ends. What it leaves in the window belongs to no record, or to one that was not ended.
 */
export async function* pages(
  window: Window,
  splitter: Splitter,
  { maxRecordBytes, takesTail }: PageOptions,
): AsyncGenerator<Page> {
  let items: Item[] = [];
  let failures: Failure[] = [];
  let scanned = 0;
  /** The first bytes of a record that is too large, while its end is looked for. */
  let oversize: string | undefined;

  const take = (bytes: Buffer, start: number, end: number, text: string | undefined): void => {
    if (end - start > maxRecordBytes) oversize ??= headOf(bytes, start);
    try {
      if (oversize !== undefined) throw recordTooLarge(maxRecordBytes);
      const record = splitter.record(text?.slice(start, end) ?? textOf(bytes, start, end));
      if (record !== undefined) items.push(itemOf(record));
    } catch (fault) {
      if (!isFault(fault)) throw fault;
      const raw = oversize ?? bytes.toString('utf8', start, end);
      failures.push({ place: splitter.place, raw, fault });
    }
    oversize = undefined;
  };
  /** Takes what ends in these bytes, and gives the place behind it. */
  const takeAll = (bytes: Buffer): number => {
    let end = splitter.next(bytes, scanned);
    // Inside a long record nothing is looked at twice.
    if (end < 0) return 0;
    // One text for all is cheaper, where a character is a byte.
    const text = splitter.keepsText || !isAscii(bytes) ? undefined : bytes.toString('latin1');
    let mayRun = bytes.length <= maxRecordBytes;
    let start = 0;
    for (; end >= 0; end = splitter.next(bytes, start)) {
      take(bytes, start, end, text);
      start = end + 1;
      const run = mayRun ? splitter.run?.(bytes, start) : undefined;
      mayRun = false;
      if (run === undefined) continue;
      for (const record of run.records) items.push(itemOf(record));
      start = run.end;
    }
    return start;
  };
  const page = (bytes: number, end: number): Page => {
    const taken = { items, failures, bytes, end };
    items = [];
    failures = [];
    return taken;
  };

  do {
    const { bytes, position } = window;
    const taken = takeAll(bytes);
    const left = bytes.length - taken;
    if (left > maxRecordBytes && !splitter.isDone) oversize ??= headOf(bytes, taken);
    scanned = oversize === undefined ? left : 0;
    window.drop(bytes.length - scanned);
    if (taken > 0) yield page(taken, position + taken);
  } while (!splitter.isDone && (await window.fill()));

  const { bytes, position } = window;
  if (takesTail && (bytes.length > 0 || oversize !== undefined)) {
    take(bytes, 0, bytes.length, undefined);
    yield page(bytes.length, position + bytes.length);
  }
}

function headOf(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, start + headBytes);
}

/**
 * Decodes bytes of a file.
 *
 * @throws `file.not-utf8`
 */
export function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  // What is no UTF-8 became U+FFFD. The file may also hold that character.
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(start, end))) throw notUtf8();
  return text;
}
