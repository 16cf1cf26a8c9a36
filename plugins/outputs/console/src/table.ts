import type { Json, JsonRecord } from '@cannectors/core';
import { textOf } from '@cannectors/kit-record';
import { printable } from './printable.ts';
import { cutTo, textWidth } from './text-width.ts';

/** Writes records as rows below the names of their columns. */
export interface Table {
  /**
   * The lines of a batch, without line breaks.
   *
   * @param screenWidth places on a line, `Infinity` if there is no end: a wider table is cut
   */
  lines(records: readonly JsonRecord[], screenWidth: number): Iterable<string>;
}

interface Column {
  readonly key: string;
  readonly title: string;
  width: number;
  isNumeric: boolean;
}

const gap = '  ';
/** No column is made narrower than this to make room for others. */
const leastWidth = 6;
/** Records may have any number of keys; a table has an end. */
const maxColumns = 200;

/**
 * Makes a table that goes on from batch to batch: columns keep their order, new ones come behind
 * them, none gets narrower. The titles are printed again only where something has moved.
 *
 * @param names keys to show, in order; without them all keys, as they are met
 */
export function table(names: readonly string[] | undefined): Table {
  const columns = new Map<string, Column>();
  for (const name of names ?? []) columns.set(name, columnOf(name));
  let printed = '';

  return {
    *lines(records, screenWidth) {
      for (const record of records) measure(record, columns, names === undefined, screenWidth);
      const shown = fit([...columns.values()], screenWidth);
      const titles = rowOf(shown, ({ title }) => title);
      const head = `${titles}\n${shown.map(({ width }) => '─'.repeat(width)).join(gap)}`;
      if (head !== printed) {
        if (printed !== '') yield '';
        yield head;
        const left = columns.size - shown.length;
        if (left > 0) yield `(${left} more columns)`;
      }
      printed = head;
      for (const record of records) {
        yield rowOf(shown, ({ key }) => cellOf(record, key, screenWidth));
      }
    },
  };
}

function columnOf(key: string): Column {
  const title = printable(key);
  return { key, title, width: textWidth(title), isNumeric: true };
}

/** Widens the columns so that a record has room in them. */
function measure(
  record: JsonRecord,
  columns: Map<string, Column>,
  takesNew: boolean,
  screenWidth: number,
): void {
  for (const key of Object.keys(record)) {
    let column = columns.get(key);
    if (column === undefined) {
      if (!takesNew || columns.size === maxColumns) continue;
      column = columnOf(key);
      columns.set(key, column);
    }
    const value = record[key];
    column.isNumeric &&= typeof value === 'number' || typeof value === 'bigint' || value === null;
    column.width = Math.max(column.width, textWidth(cellOf(record, key, screenWidth)));
  }
}

/** What is missing is blank; null is not. */
function cellOf(record: JsonRecord, key: string, screenWidth: number): string {
  const value: Json | undefined = Object.hasOwn(record, key) ? record[key] : undefined;
  if (value === null) return 'null';
  const text = textOf(value);
  // No place for more, whatever it holds.
  return printable(text.length > screenWidth * 4 ? text.slice(0, screenWidth * 4) : text);
}

/** Makes wide columns narrower until all have room; if that is not enough leaves out the last ones. */
function fit(columns: readonly Column[], screenWidth: number): Column[] {
  const total = (cap: number, count: number): number =>
    columns.slice(0, count).reduce((sum, { width }) => sum + Math.min(width, cap) + gap.length, 0) -
    gap.length;

  let count = columns.length;
  while (count > 1 && total(leastWidth, count) > screenWidth) count--;
  let cap = Math.max(...columns.map(({ width }) => width), leastWidth);
  cap = Math.min(cap, screenWidth);
  while (cap > leastWidth && total(cap, count) > screenWidth) cap--;
  return columns
    .slice(0, count)
    .map((column) => ({ ...column, width: Math.min(column.width, cap) }));
}

function rowOf(columns: readonly Column[], text: (column: Column) => string): string {
  const cells = columns.map((column) => {
    const cell = cutTo(column.width, text(column));
    const blanks = ' '.repeat(Math.max(0, column.width - textWidth(cell)));
    return column.isNumeric ? blanks + cell : cell + blanks;
  });
  return cells.join(gap).trimEnd();
}
