import type { SQLInputValue } from 'node:sqlite';
import type { Json } from '@cannectors/core';
import type { Bulk, BulkPlan, ValueOptions } from '../../database.ts';
import { cancelled, type Failed, sqlFault } from '../../faults.ts';
import { quoted, quotedTable } from '../../identifiers.ts';
import { breathing } from './breath.ts';
import { type Cell, cellOf } from './cells.ts';
import type { Source } from './reading.ts';
import { tableColumns } from './table-columns.ts';

/** Rows of one statement. More gain nothing, and a value for each of many columns has a limit. */
const rowsAtOnce = 100;
const valuesAtOnce = 32_000;

/** Compiles how rows are written into a table: inserts by the hundred, the rest one after the other. */
export async function bulkOf(
  plan: BulkPlan,
  { connection, lock }: Source,
  { binary }: ValueOptions,
  signal: AbortSignal,
): Promise<Bulk> {
  if (signal.aborted) throw cancelled(signal.reason);
  const one = statementFor(plan, 1);
  const types = await guarded(
    () => lock.whenFree(() => tableColumns(connection.db, plan), signal),
    one.text,
  );
  // An `ON CONFLICT` without an index is found before any row.
  await guarded(() => lock.whenFree(() => connection.prepared(one.text), signal), one.text);
  const cells = types.map((type) => cellOf(type, binary));
  const group = one.isGrouped ? groupFor(one.order.length) : 1;
  const many = statementFor(plan, group);

  return {
    async write(rows, aborting) {
      if (aborting.aborted) throw cancelled(aborting.reason);
      const breath = breathing(aborting);
      for (let at = 0; at < rows.length;) {
        const { text, order } = rows.length - at >= group ? many : one;
        const end = at + (text === one.text ? 1 : group);
        const values = valuesOf(rows, at, end, order, cells, text);
        const write = () => connection.prepared(text).statement.run(...values);
        try {
          write();
        } catch (error) {
          await guarded(() => lock.afterFailure(error, write, aborting), text);
        }
        if (breath.isDue()) await breath.take();
        at = end;
      }
    },
  };
}

async function guarded<Result>(
  task: () => Result | Promise<Result>,
  text: string,
): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    throw sqlFault(error, failedAt(text));
  }
}

function groupFor(width: number): number {
  return Math.max(1, Math.min(rowsAtOnce, Math.floor(valuesAtOnce / width)));
}

function failedAt(statement: string): Failed {
  return { driver: 'sqlite', operation: 'exec', statement };
}

/** The values of some rows, in the order of the statement. */
function valuesOf(
  rows: readonly (readonly Json[])[],
  from: number,
  to: number,
  order: readonly number[],
  cells: readonly Cell[],
  text: string,
): SQLInputValue[] {
  const values: SQLInputValue[] = [];
  try {
    for (let index = from; index < to; index++) {
      const row = rows[index] as readonly Json[];
      for (const column of order) values.push((cells[column] as Cell)(row[column] as Json));
    }
    return values;
  } catch (error) {
    throw sqlFault(error, failedAt(text));
  }
}

interface Writing {
  readonly text: string;
  /** For each value of a row, its column. */
  readonly order: readonly number[];
  /** Several rows fit into one statement. */
  readonly isGrouped: boolean;
}

function statementFor({ table, columns, mode, key }: BulkPlan, rows: number): Writing {
  const target = quotedTable(table, 'sqlite');
  const name = (column: string): string => quoted(column, 'sqlite');
  const others = columns.filter((column) => !key.includes(column));
  const equal = (column: string): string => `${name(column)} = ?`;
  const where = key.map(equal).join(' AND ');
  const places = (names: readonly string[]): number[] =>
    names.map((column) => columns.indexOf(column));

  if (mode === 'delete') {
    const text = `DELETE FROM ${target} WHERE ${where}`;
    return { text, order: places(key), isGrouped: false };
  }
  if (mode === 'update') {
    const text = `UPDATE ${target} SET ${others.map(equal).join(', ')} WHERE ${where}`;
    return { text, order: places([...others, ...key]), isGrouped: false };
  }
  const row = `(${columns.map(() => '?').join(', ')})`;
  const values = Array.from({ length: rows }, () => row).join(', ');
  const insert = `INSERT INTO ${target} (${columns.map(name).join(', ')}) VALUES ${values}`;
  const changes = others.map((column) => `${name(column)} = excluded.${name(column)}`);
  const conflict = changes.length === 0 ? 'NOTHING' : `UPDATE SET ${changes.join(', ')}`;
  const upsert = ` ON CONFLICT (${key.map(name).join(', ')}) DO ${conflict}`;
  return {
    text: mode === 'insert' ? insert : insert + upsert,
    order: columns.map((_, index) => index),
    isGrouped: true,
  };
}
