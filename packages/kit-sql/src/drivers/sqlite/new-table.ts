import type { NewColumn } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';

const types: Readonly<Record<NewColumn['type'], string>> = {
  integer: 'INTEGER',
  number: 'REAL',
  boolean: 'BOOLEAN',
  text: 'TEXT',
  instant: 'TIMESTAMP',
  json: 'TEXT',
};

/**
 * Writes `CREATE TABLE IF NOT EXISTS`. Only the key has to have values: the records to come are not
 * known.
 */
export function creation(
  table: string,
  columns: readonly NewColumn[],
  key: readonly string[],
): string {
  const parts = columns.map(({ name, type }) => {
    const isKey = key.includes(name);
    return `${quoted(name, 'sqlite')} ${types[type]}${isKey ? ' NOT NULL' : ''}`;
  });
  const names = key.map((name) => quoted(name, 'sqlite')).join(', ');
  if (key.length > 0) parts.push(`PRIMARY KEY (${names})`);
  return `CREATE TABLE IF NOT EXISTS ${quotedTable(table, 'sqlite')} (${parts.join(', ')})`;
}
