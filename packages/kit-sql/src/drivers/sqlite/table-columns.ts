import type { DatabaseSync } from 'node:sqlite';
import type { BulkPlan } from '../../database.ts';
import { noColumn, noTable } from '../../faults.ts';
import { tableParts } from '../../identifiers.ts';

/**
 * Gives the declared types of the columns of a plan, in their order. SQLite tells names apart without
 * regard to case.
 *
 * @throws `sql.no-table`, `sql.no-column`
 */
export function tableColumns(db: DatabaseSync, { table, columns }: BulkPlan): string[] {
  const { schema = null, name } = tableParts(table);
  const found = db
    .prepare('SELECT name, type FROM pragma_table_xinfo(?, ?)')
    .all(name, schema) as unknown as { name: string; type: string }[];
  if (found.length === 0) throw noTable(table);
  const types = new Map(found.map((column) => [column.name.toLowerCase(), column.type]));
  return columns.map((column) => {
    const type = types.get(column.toLowerCase());
    if (type === undefined) {
      throw noColumn(
        table,
        column,
        found.map((known) => known.name),
      );
    }
    return type;
  });
}
