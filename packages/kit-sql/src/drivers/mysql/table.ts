import type { BulkPlan } from '../../database.ts';
import { sqlFault } from '../../faults.ts';
import { tableParts } from '../../identifiers.ts';
import { errors, serverError } from './client.ts';
import type { Writing } from './writing.ts';

export interface Table {
  /** In the order of the plan. */
  readonly columns: readonly TableColumn[];
  readonly uniques: readonly Unique[];
}

export interface TableColumn {
  readonly name: string;
  /** Lower case, without its length: `varchar`. */
  readonly type: string;
  /** The values of an `ENUM` or a `SET`. */
  readonly members: readonly string[];
}

/** An index that holds every value once. */
export interface Unique {
  readonly columns: readonly string[];
  /** Only the beginning of a value counts, or an expression. */
  readonly isPartial: boolean;
  /** A row without a value in it gets a number of its own, which is new. */
  readonly isNumbered: boolean;
}

/**
 * Asks the server for what is known of a table. Reading needs no more rights than writing does.
 *
 * @throws `sql.no-table`, `sql.no-column`
 */
export async function describedTable(
  { table, columns }: Pick<BulkPlan, 'table' | 'columns'>,
  { session }: Writing,
  signal: AbortSignal,
): Promise<Table> {
  const { schema, name } = tableParts(table);
  const found = await session.rows({ text: columnsQuery, values: [schema ?? null, name] }, signal);
  const all = found.records as unknown as ColumnRow[];
  const spelled = all.filter(({ tableName }) => tableName === name);
  const rows = spelled.length > 0 ? spelled : all;
  const [first] = rows;
  if (first === undefined) {
    throw refused(errors.noSuchTable, '42S02', `Table '${table}' doesn't exist`, table);
  }
  const known = new Map(rows.map((row) => [row.columnName.toLowerCase(), row]));
  const indexed = await session.rows(
    { text: uniquesQuery, values: [schema ?? null, first.tableName] },
    signal,
  );
  return {
    columns: columns.map((column) => {
      const row = known.get(column.toLowerCase());
      if (row === undefined) {
        const message = `Unknown column '${column}' in table '${table}'`;
        throw refused(errors.unknownColumn, '42S22', message, table);
      }
      return columnOf(row);
    }),
    uniques: uniquesOf(indexed.records as unknown as IndexRow[], known),
  };
}

const columnsQuery = `
  SELECT TABLE_NAME AS tableName, COLUMN_NAME AS columnName, DATA_TYPE AS dataType,
    COLUMN_TYPE AS columnType, EXTRA AS extra
  FROM information_schema.COLUMNS
  WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?`;

const uniquesQuery = `
  SELECT INDEX_NAME AS indexName, COLUMN_NAME AS columnName, SUB_PART AS subPart
  FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ? AND NON_UNIQUE = 0
  ORDER BY INDEX_NAME, SEQ_IN_INDEX`;

interface ColumnRow {
  readonly tableName: string;
  readonly columnName: string;
  readonly dataType: string;
  /** With its length or its members: `enum('a','b')`. */
  readonly columnType: string;
  readonly extra: string;
}

interface IndexRow {
  readonly indexName: string;
  /** None for an expression. */
  readonly columnName: string | null;
  readonly subPart: number | null;
}

function columnOf({ columnName, dataType, columnType }: ColumnRow): TableColumn {
  const type = dataType.toLowerCase();
  const members = type === 'enum' || type === 'set' ? columnType.matchAll(/'((?:[^']|'')*)'/g) : [];
  return {
    name: columnName,
    type,
    members: Array.from(members, ([, member = '']) => member.replaceAll("''", "'")),
  };
}

function uniquesOf(
  rows: readonly IndexRow[],
  known: ReadonlyMap<string, ColumnRow>,
): readonly Unique[] {
  const byIndex = Object.values(Object.groupBy(rows, ({ indexName }) => indexName));
  return byIndex.map((parts = []) => {
    const columns = parts.map(({ columnName }) => columnName ?? '');
    const extras = columns.map((column) => known.get(column.toLowerCase())?.extra ?? '');
    return {
      columns,
      isPartial: parts.some(({ columnName, subPart }) => columnName === null || subPart !== null),
      isNumbered: extras.some((extra) => /auto_increment/i.test(extra)),
    };
  });
}

/** Speaks as the server would. */
function refused(errno: number, sqlState: string, message: string, table: string): Error {
  return faultOf(serverError(errno, sqlState, message), table);
}

/** MySQL would not refuse it, and has no number for it; PostgreSQL has. */
export function noSuchKey(message: string, table: string): Error {
  return faultOf(Object.assign(new Error(message), { code: '42P10' }), table);
}

function faultOf(error: Error, table: string): Error {
  return sqlFault(error, { driver: 'mysql', operation: 'exec', statement: table });
}
