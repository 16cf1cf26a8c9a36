import type { Json } from '@cannectors/core';
import type { Bulk, BulkPlan } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';
import type { BulkMeans } from './bulk.ts';
import { cellText } from './cell.ts';
import { executing } from './failed.ts';
import { lastRows } from './last-rows.ts';
import { quotedElement } from './parameters.ts';
import type { Column } from './table.ts';
import { type Client, exchange, together, whenReady } from './wire.ts';

/** Rows of one statement at most. */
const maxRows = 5000;

/** Characters of one statement, about. */
const maxLength = 4_000_000;

/** Writes rows with statements that get one array for each column. */
export function bulkUnnest(
  { client, within, binary }: BulkMeans,
  plan: BulkPlan,
  columns: readonly Column[],
): Bulk {
  const sources = columns
    .map((column, index) => ({ ...column, index }))
    .filter(({ name }) => plan.mode !== 'delete' || plan.key.includes(name));
  const keys = plan.key.map((name) => plan.columns.indexOf(name));
  const text = statementOf(plan, sources);

  return {
    async write(given, signal) {
      const rows = plan.mode === 'upsert' ? lastRows(given, keys) : given;
      // The next arrays are made while the server works on those before them.
      let sent: Promise<void> = Promise.resolve();
      for (let from = 0; from < rows.length;) {
        const { arrays, end } = arraysOf(rows, from);
        await sent;
        sent = within(executing(text), signal, () => execute(client, text, arrays));
        sent.catch(() => {});
        from = end;
      }
      await sent;
    },
  };

  /** Makes array literals of the columns of some rows. */
  function arraysOf(
    rows: readonly (readonly Json[])[],
    from: number,
  ): { readonly arrays: string[]; readonly end: number } {
    const arrays = sources.map(() => '{');
    const last = Math.min(rows.length, from + maxRows);
    let end = from;
    for (let length = 0; end < last && length < maxLength; end++) {
      const row = rows[end] as readonly Json[];
      for (let index = 0; index < sources.length; index++) {
        const source = sources[index] as Source;
        const element = elementOf(row[source.index] ?? null, source.kind);
        length += element.length;
        arrays[index] += end === from ? element : `,${element}`;
      }
    }
    return { arrays: arrays.map((array) => `${array}}`), end };
  }

  function elementOf(value: Json, kind: Column['kind']): string {
    if (value === null) return 'NULL';
    if (typeof value === 'number') return String(value);
    return quotedElement(cellText(value, kind, binary));
  }
}

/** A column with its place in the rows. */
type Source = Column & { readonly index: number };

function statementOf({ table, key, mode }: BulkPlan, sources: readonly Source[]): string {
  const quote = (column: string) => quoted(column, 'postgres');
  const target = quotedTable(table, 'postgres');
  const names = sources.map(({ name }) => quote(name)).join(', ');
  const keys = key.map(quote).join(', ');
  const others = sources.map(({ name }) => name).filter((name) => !key.includes(name));
  const setFrom = (source: string) =>
    others.map((column) => `${quote(column)} = ${source}.${quote(column)}`).join(', ');
  const isSame = key.map((column) => `target.${quote(column)} = source.${quote(column)}`);
  const { arrays, values } = arraysFor(sources, quote);
  const rows = `SELECT ${values} FROM unnest(${arrays}) AS source (${names})`;
  const insert = `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE ${rows}`;

  switch (mode) {
    case 'insert':
      return insert;
    case 'upsert':
      return `${insert} ON CONFLICT (${keys}) DO ${others.length === 0 ? 'NOTHING' : `UPDATE SET ${setFrom('EXCLUDED')}`}`;
    case 'update': {
      // Of rows with the same key the last. Nothing else says which one the server would take.
      const last = `SELECT DISTINCT ON (${keys}) ${values}
        FROM unnest(${arrays}) WITH ORDINALITY AS source (${names}, "place among the rows")
        ORDER BY ${keys}, "place among the rows" DESC`;
      return `UPDATE ${target} AS target SET ${setFrom('source')} FROM (${last}) AS source (${names}) WHERE ${isSame.join(' AND ')}`;
    }
    case 'delete':
      return `DELETE FROM ${target} AS target USING (${rows}) AS source (${names}) WHERE ${isSame.join(' AND ')}`;
  }
}

/** `unnest` would take arrays in arrays apart, so that they travel as text. */
function arraysFor(
  sources: readonly Source[],
  quote: (name: string) => string,
): { readonly arrays: string; readonly values: string } {
  const arrays = sources.map(
    ({ kind, type }, index) => `$${index + 1}::${kind === 'array' ? 'text' : type}[]`,
  );
  const values = sources.map(({ kind, name, type }) =>
    kind === 'array' ? `${quote(name)}::${type}` : quote(name),
  );
  return { arrays: arrays.join(', '), values: values.join(', ') };
}

/**
 * Runs a statement that is planned for its values: a plan for any values would take arrays for short, and look
 * at the whole table for each row of one without an index.
 */
function execute(client: Client, text: string, values: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const { connection } = client;
    client.query(
      exchange({
        submit: () =>
          together(connection, () => {
            connection.parse({ name: '', text });
            connection.bind({ portal: '', statement: '', values });
            connection.execute({ portal: '', rows: 0 });
            connection.sync();
          }),
        handleError: (error) => whenReady(connection, () => reject(error)),
        handleReadyForQuery: () => resolve(),
      }),
    );
  });
}
