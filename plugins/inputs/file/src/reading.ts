import type { Log } from '@cannectors/core';
import type { Config } from './config.ts';
import { elements } from './elements.ts';
import { notJson, replaced, shrunk } from './faults.ts';
import { findList } from './find-list.ts';
import type { Format } from './format.ts';
import { header } from './header.ts';
import { lines } from './lines.ts';
import { type Failure, type Page, type PageOptions, pages, type Splitter } from './pages.ts';
import { rows } from './rows.ts';
import type { Source } from './source.ts';
import type { Window } from './window.ts';

export interface ReadingOptions extends PageOptions {
  readonly log: Log;
}

const lineFeed = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a file, page by page, from where the last page of an earlier reading ended: from a byte, of
 * `json` from an element.
 *
 * @throws `file.shrunk`, `file.replaced`, and the faults of a file that has another shape
 */
export function reading(
  format: Format,
  source: Source,
  from: number,
  config: Config,
  options: ReadingOptions,
): AsyncGenerator<Page> {
  switch (format) {
    case 'ndjson':
      return ofLines(source, from, options);
    case 'csv':
      return ofRows(source, from, config.csv, options);
    case 'json':
      return ofElements(source, from, config.dataField, options);
  }
}

async function* ofLines(
  source: Source,
  from: number,
  options: ReadingOptions,
): AsyncGenerator<Page> {
  yield* lineByLine(source, await windowAtLine(source, from), lines(), options);
}

async function* ofRows(
  source: Source,
  from: number,
  { delimiter, columns }: Config['csv'],
  options: ReadingOptions,
): AsyncGenerator<Page> {
  const window = await windowAtLine(source, from);
  const top = from === 0 ? window : await windowAtLine(source, 0);
  const names = columns ?? (await header(top, source.file, delimiter, options));
  yield* lineByLine(source, window, rows(delimiter, names), options);
}

async function* ofElements(
  source: Source,
  from: number,
  dataField: string | undefined,
  options: ReadingOptions,
): AsyncGenerator<Page> {
  const window = await windowAtLine(source, 0);
  const leave = await findList(window, source.file, dataField);
  const list = elements(from);
  for await (const page of pages(window, list, { ...options, takesTail: false })) {
    yield { ...page, end: list.count };
  }
  if (!list.isDone) {
    throw notJson(source.file, 'the end of the list', 'the end of the file', window.position);
  }
  if (list.count < from) throw shrunk(source.file, list.count, from, 'elements');
  await leave();
}

/** Opens a window where a line begins; at the start of the file, behind a byte order mark. */
async function windowAtLine(source: Source, from: number): Promise<Window> {
  if (from > source.size) throw shrunk(source.file, source.size, from, 'bytes');
  const window = source.window(Math.max(from - 1, 0));
  if (from > 0) {
    await window.fill();
    if (window.bytes[0] !== lineFeed) throw replaced(source.file, from);
    window.drop(1);
    return window;
  }
  while (window.bytes.length < byteOrderMark.length && (await window.fill()));
  const start = window.bytes.subarray(0, byteOrderMark.length);
  if (start.equals(byteOrderMark)) window.drop(byteOrderMark.length);
  return window;
}

/** Pages of a text file. Lines are counted from the start of the file, not of the reading. */
async function* lineByLine(
  source: Source,
  window: Window,
  splitter: Splitter,
  options: ReadingOptions,
): AsyncGenerator<Page> {
  const start = window.position;
  let before: number | undefined;
  for await (const page of pages(window, splitter, options)) {
    // Most readings never need it, and a large file takes a while.
    if (page.failures.length > 0) before ??= await linesBefore(source, start);
    yield { ...page, failures: moved(page.failures, before ?? 0) };
  }
  if (window.bytes.length > 0) {
    options.log.info('unfinished last line is left for the next run', {
      file: source.file,
      bytes: window.bytes.length,
    });
  }
}

async function linesBefore(source: Source, end: number): Promise<number> {
  const window = source.window(0);
  let count = 0;
  while (window.position < end && (await window.fill())) {
    const bytes = window.bytes.subarray(0, end - window.position);
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count++;
    window.drop(window.bytes.length);
  }
  return count;
}

function moved(failures: readonly Failure[], by: number): readonly Failure[] {
  if (by === 0) return failures;
  return failures.map(({ place, ...failure }) => ({
    ...failure,
    place: 'line' in place ? { line: place.line + by } : place,
  }));
}
