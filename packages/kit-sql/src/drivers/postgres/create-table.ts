import type { NewColumn, Session } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';

const types: Readonly<Record<NewColumn['type'], string>> = {
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  text: 'text',
  instant: 'timestamptz',
  json: 'jsonb',
};

/** Makes a table unless it is there. */
export async function createTable(
  session: Session,
  table: string,
  columns: readonly NewColumn[],
  key: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const name = (column: string) => quoted(column, 'postgres');
  const parts = columns.map(
    (column) => `${name(column.name)} ${types[column.type]}${column.nullable ? '' : ' NOT NULL'}`,
  );
  if (key.length > 0) parts.push(`PRIMARY KEY (${key.map(name).join(', ')})`);
  const target = quotedTable(table, 'postgres');
  await session.command(`CREATE TABLE IF NOT EXISTS ${target} (${parts.join(', ')})`, signal);
}
