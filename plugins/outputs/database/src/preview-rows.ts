import type { Item, Json, Preview } from '@cannectors/core';
import type { Columns } from './columns.ts';
import type { Config } from './config.ts';
import { noColumns, previewFailed } from './faults.ts';
import type { PreviewAddress } from './form.ts';

/** Rows that one operation shows. */
export const maxRows = 100;

const operations = {
  insert: 'INSERT INTO',
  upsert: 'UPSERT INTO',
  update: 'UPDATE',
  delete: 'DELETE FROM',
};

/** The one operation that writes rows in bulk. */
export function previewRows(
  items: readonly Item[],
  { driver, target }: PreviewAddress,
  { mode, table = '', key = [] }: Config,
  columns: Columns | undefined,
): Preview[] {
  const rows = items.map(({ record }, index) => {
    try {
      if (columns === undefined) throw noColumns();
      return columns.row(record);
    } catch (error) {
      throw previewFailed(index, error);
    }
  });
  const operation = operations[mode];
  return [
    {
      kind: 'sql',
      title: `${operation} ${table}`,
      record_count: rows.length,
      sql: {
        driver,
        target,
        operation,
        table,
        columns: [...(columns?.names ?? [])],
        ...(key.length > 0 && { key: [...key] }),
        parameters: [...(columns?.sources ?? [])],
        ...shown(rows),
        transaction: true,
      },
    },
  ];
}

/** The first rows, and how many more there are. */
export function shown(rows: readonly Json[][]): { rows: Json[]; rows_omitted?: number } {
  const more = rows.length - maxRows;
  return { rows: rows.slice(0, maxRows), ...(more > 0 && { rows_omitted: more }) };
}
