import type { Json } from '@cannectors/core';
import type { Bulk, BulkPlan } from '../../database.ts';
import { quoted, quotedTable } from '../../identifiers.ts';
import type { BulkMeans } from './bulk.ts';
import { cellText } from './cell.ts';
import { executing } from './failed.ts';
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
  const text = statementOf(plan, columns);
  const kinds = columns.map(({ kind }) => kind);

  return {
    async write(rows, signal) {
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
    const arrays = kinds.map(() => '{');
    const last = Math.min(rows.length, from + maxRows);
    let end = from;
    for (let length = 0; end < last && length < maxLength; end++) {
      const row = rows[end] as readonly Json[];
      for (let index = 0; index < kinds.length; index++) {
        const element = elementOf(row[index] ?? null, index);
        length += element.length;
        arrays[index] += end === from ? element : `,${element}`;
      }
    }
    return { arrays: arrays.map((array) => `${array}}`), end };
  }

  function elementOf(value: Json, index: number): string {
    if (value === null) return 'NULL';
    if (typeof value === 'number') return String(value);
    return quotedElement(cellText(value, kinds[index] ?? 'other', binary));
  }
}

/** `unnest` would take arrays in arrays apart, so that they travel as text. */
function statementOf({ table, key, mode }: BulkPlan, columns: readonly Column[]): string {
  const target = quotedTable(table, 'postgres');
  const name = (column: string) => quoted(column, 'postgres');
  const names = columns.map((column) => name(column.name)).join(', ');
  const keys = key.map(name);
  const values = columns.map((column) =>
    column.kind === 'array' ? `${name(column.name)}::${column.type}` : name(column.name),
  );
  const arrays = columns.map(
    ({ kind, type }, index) => `$${index + 1}::${kind === 'array' ? 'text' : type}[]`,
  );
  const others = columns.map((column) => column.name).filter((column) => !key.includes(column));
  const rows = `unnest(${arrays.join(', ')}) WITH ORDINALITY AS "rows" (${names}, "row of the call")`;
  // Of rows with the same key the last. In the order of the key, so that two writers do not wait for each other.
  const lastRows = `SELECT DISTINCT ON (${keys.join(', ')}) ${values.join(', ')} FROM ${rows} ORDER BY ${keys.join(', ')}, "row of the call" DESC`;
  const isSame = keys.map((column) => `target.${column} = source.${column}`).join(' AND ');

  switch (mode) {
    case 'insert':
      return `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values.join(', ')} FROM ${rows}`;
    case 'upsert': {
      const set = others.map((column) => `${name(column)} = EXCLUDED.${name(column)}`).join(', ');
      const action = set === '' ? 'NOTHING' : `UPDATE SET ${set}`;
      return `INSERT INTO ${target} (${names}) OVERRIDING SYSTEM VALUE ${lastRows} ON CONFLICT (${keys.join(', ')}) DO ${action}`;
    }
    case 'update': {
      const set = others.map((column) => `${name(column)} = source.${name(column)}`).join(', ');
      return `UPDATE ${target} AS target SET ${set} FROM (${lastRows}) AS source (${names}) WHERE ${isSame}`;
    }
    case 'delete':
      return `DELETE FROM ${target} AS target USING (${lastRows}) AS source (${names}) WHERE ${isSame}`;
  }
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
