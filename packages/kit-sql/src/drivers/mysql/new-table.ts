import type { NewColumn } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';

const typeNames: Readonly<Record<NewColumn['type'], string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'LONGTEXT',
  instant: 'DATETIME(6)',
  json: 'JSON',
};

/**
 * Gives the statement that makes a table unless it is there. Texts are compared byte by byte, so that
 * keys which differ for the source differ here.
 */
export function newTable(
  table: string,
  columns: readonly NewColumn[],
  key: readonly string[],
): string {
  const lines = columns.map(({ name, type, nullable }) => {
    const isKey = key.includes(name);
    // Long texts cannot be keys.
    const typeName = isKey && type === 'text' ? 'VARCHAR(255)' : typeNames[type];
    return `${quoted(name, 'mysql')} ${typeName} ${nullable && !isKey ? 'NULL' : 'NOT NULL'}`;
  });
  if (key.length > 0) lines.push(`PRIMARY KEY (${names(key)})`);
  return (
    `CREATE TABLE IF NOT EXISTS ${quotedTable(table, 'mysql')} (${lines.join(', ')}) ` +
    `ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`
  );
}

/** Quotes columns for a list. */
export function names(columns: readonly string[]): string {
  return columns.map((column) => quoted(column, 'mysql')).join(', ');
}
