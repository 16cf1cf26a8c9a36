import type { Driver } from './database.ts';

/** Quotes the name of a column. What stands in it is a name and nothing else, SQL included. */
export function quoted(name: string, driver: Driver): string {
  const mark = driver === 'mysql' ? '`' : '"';
  return mark + name.replaceAll(mark, mark + mark) + mark;
}

/** Quotes a table: `name`, or `schema.name` at its first dot. */
export function quotedTable(table: string, driver: Driver): string {
  const { schema, name } = tableParts(table);
  return schema === undefined
    ? quoted(name, driver)
    : `${quoted(schema, driver)}.${quoted(name, driver)}`;
}

/** Takes `schema.name` apart at its first dot. */
export function tableParts(table: string): { readonly schema?: string; readonly name: string } {
  const dot = table.indexOf('.');
  return dot <= 0 ? { name: table } : { schema: table.slice(0, dot), name: table.slice(dot + 1) };
}
