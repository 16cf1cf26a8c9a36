import type { Session } from '../../database.ts';
import { noColumn, noTable } from '../../faults.ts';
import { quotedTable } from '../../identifiers.ts';

/** A column that rows are written into. */
export interface Column {
  readonly name: string;
  /** As a statement names it, without length and precision. Of a domain: what it is based on. */
  readonly type: string;
  readonly kind: 'bytes' | 'array' | 'other';
}

/** What is to be known of a table to write into it. */
export interface Table {
  readonly columns: readonly Column[];
  /** `COPY` can write into it: it is no view, and no policy chooses its rows. */
  readonly takesCopy: boolean;
}

const query = `
  SELECT a.attname AS name,
    pg_catalog.format_type(b.oid, -1) AS type,
    CASE WHEN b.oid = 'pg_catalog.bytea'::regtype THEN 'bytes'
      WHEN b.typcategory = 'A' THEN 'array' ELSE 'other' END AS kind,
    c.relkind IN ('r', 'p', 'f') AND NOT c.relrowsecurity AS "takesCopy"
  FROM pg_catalog.pg_class c
    LEFT JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
  WHERE c.oid = pg_catalog.to_regclass($1)
  ORDER BY a.attnum`;

/**
 * Looks up a table and the columns that are to be written, in their order.
 *
 * @param name not quoted
 * @throws `sql.no-table`, `sql.no-column`
 */
export async function tableOf(
  session: Session,
  name: string,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Table> {
  const statement = { text: query, values: [quotedTable(name, 'postgres')] };
  const { records } = await session.rows(statement, signal);
  if (records.length === 0) throw noTable(name);
  const found = records as unknown as readonly (Column & Pick<Table, 'takesCopy'>)[];

  const columns = wanted.map((column) => {
    const known = found.find((each) => each.name === column);
    if (known !== undefined) return known;
    throw noColumn(
      name,
      column,
      found.map((each) => each.name),
    );
  });
  return { columns, takesCopy: found[0]?.takesCopy === true };
}
