import type { Bulk, BulkPlan } from '../../database.ts';
import { sqlFault } from '../../faults.ts';
import { quoted, quotedTable } from '../../identifiers.ts';
import { cellOf } from './cells.ts';
import { errors, numberOf, serverError } from './client.ts';
import { names } from './new-table.ts';
import { checkSize } from './parameters.ts';
import { batchesOf } from './rows.ts';
import { describedTable, noSuchKey, type Table, type TableColumn } from './table.ts';
import type { Writing } from './writing.ts';

/**
 * Makes a table ready for rows.
 *
 * `insert` and `upsert` are statements of many rows, prepared. `update` and `delete` write the rows into a
 * temporary table with the types and the key of the real one, and join the two: so keys are compared as the
 * table compares them, and an index serves.
 *
 * @see spec/performance.md, section 7
 */
export async function mysqlBulk(
  plan: BulkPlan,
  writing: Writing,
  signal: AbortSignal,
): Promise<ReadyTable> {
  const table = await describedTable(plan, writing, signal);
  switch (plan.mode) {
    case 'insert':
      return { write: manyRows(insertInto(plan), '', table.columns, writing) };
    case 'upsert':
      return { write: manyRows(insertInto(plan), onKey(plan, table), table.columns, writing) };
    case 'update':
    case 'delete':
      return staged(plan, table, writing, signal);
  }
}

type Write = Bulk['write'];

export interface ReadyTable extends Bulk {
  /** A temporary table that it needs. */
  readonly stage?: string;
}

/** Writes rows with statements of the form `INSERT INTO … VALUES (…), (…)`, and what stands behind it. */
function manyRows(
  head: string,
  tail: string,
  columns: readonly TableColumn[],
  { execute, maxPacket, values: { binary } }: Writing,
): Write {
  const cells = columns.map((column) => cellOf(column, binary));
  const row = `(${columns.map(() => '?').join(',')})`;
  const fixed = Buffer.byteLength(head) + Buffer.byteLength(tail);
  const statements = new Map<number, string>();
  const statementOf = (count: number): string => {
    const statement =
      statements.get(count) ?? `${head} VALUES ${Array(count).fill(row).join(',')}${tail}`;
    statements.set(count, statement);
    return statement;
  };

  return async (rows, signal) => {
    try {
      for (const { count, values, isSmall } of batchesOf(rows, cells, fixed, maxPacket)) {
        const statement = statementOf(count);
        if (!isSmall) checkSize(statement, values, maxPacket);
        await execute(statement, values, signal);
      }
    } catch (error) {
      throw sqlFault(named(error), { driver: 'mysql', operation: 'exec', statement: head });
    }
  };
}

function insertInto({ table, columns }: BulkPlan): string {
  return `INSERT INTO ${quotedTable(table, 'mysql')} (${names(columns)})`;
}

/**
 * MySQL updates the row that collides in any unique index. The key of the plan has to be one of them, and a
 * collision in another makes the statement fail: it would change a row with another key.
 */
function onKey({ table, columns, key }: BulkPlan, { uniques }: Table): string {
  const isKey = (index: Table['uniques'][number]): boolean =>
    !index.isPartial && isSame(index.columns, key);
  if (!uniques.some(isKey)) {
    const message = `an upsert needs a primary key or a unique index of exactly these columns: ${key.join(', ')}`;
    throw noSuchKey(message, table);
  }
  const others = uniques.filter((index) => !isKey(index) && mayCollide(index, columns));
  const changed = columns.filter((column) => !hasName(key, column));
  const changes = changed.map((column) => assigned(column));
  const [first = ''] = key;
  if (others.length > 0) changes.unshift(guarded(first, key));
  if (changes.length === 0) changes.push(`${quoted(first, 'mysql')} = ${quoted(first, 'mysql')}`);
  return ` ON DUPLICATE KEY UPDATE ${changes.join(', ')}`;
}

function assigned(column: string): string {
  return `${quoted(column, 'mysql')} = VALUES(${quoted(column, 'mysql')})`;
}

const foreignRow = 'cannectors: the row collides with one of another key';

/** Leaves the key as it is, or fails: a text is no number. It is no constant, lest it be tried ahead. */
function guarded(column: string, key: readonly string[]): string {
  const name = quoted(column, 'mysql');
  const isSameKey = key
    .map((part) => quoted(part, 'mysql'))
    .map((part) => `${part} <=> VALUES(${part})`)
    .join(' AND ');
  const failure = `CAST(CONCAT('${foreignRow}', LEFT(${name}, 0)) AS SIGNED)`;
  return `${name} = IF(${isSameKey}, ${name}, ${failure})`;
}

/** Says of the guard what it means. */
function named(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  if (numberOf(cause) !== errors.wrongValue || !String(cause).includes(foreignRow)) return error;
  const message = 'Duplicate entry: a row with another key has the same value in a unique index';
  return serverError(errors.duplicateEntry, '23000', message);
}

/** An index with a number that the server gives out cannot collide. */
function mayCollide(index: Table['uniques'][number], columns: readonly string[]): boolean {
  return !index.isNumbered || index.columns.every((column) => hasName(columns, column));
}

/** Names of columns do not differ in case. */
function hasName(columns: readonly string[], name: string): boolean {
  return columns.some((column) => column.toLowerCase() === name.toLowerCase());
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((column) => hasName(other, column));
}

let stages = 0;

async function staged(
  plan: BulkPlan,
  { columns: described }: Table,
  writing: Writing,
  signal: AbortSignal,
): Promise<ReadyTable> {
  const { key, mode } = plan;
  const at = plan.columns.flatMap((column, index) =>
    mode === 'update' || hasName(key, column) ? [index] : [],
  );
  const columns = at.map((index) => plan.columns[index] ?? '');
  const changed = columns.filter((column) => !hasName(key, column));
  if (mode === 'update' && changed.length === 0) return { write: () => Promise.resolve() };

  const stage = quoted(`cannectors_stage_${++stages}`, 'mysql');
  const target = quotedTable(plan.table, 'mysql');
  const create =
    `CREATE TEMPORARY TABLE ${stage} (PRIMARY KEY (${names(key)})) ENGINE = InnoDB ` +
    `AS SELECT ${names(columns)} FROM ${target} WHERE FALSE`;
  await writing.session.command(create, signal);

  const fill = manyRows(
    `REPLACE INTO ${stage} (${names(columns)})`,
    '',
    at.flatMap((index) => described[index] ?? []),
    writing,
  );
  const isKey = key.map((part) => quoted(part, 'mysql')).map((part) => `t.${part} = s.${part}`);
  const join = `${target} AS t JOIN ${stage} AS s ON ${isKey.join(' AND ')}`;
  const changes = changed
    .map((column) => quoted(column, 'mysql'))
    .map((part) => `t.${part} = s.${part}`);
  const statement =
    mode === 'update' ? `UPDATE ${join} SET ${changes.join(', ')}` : `DELETE t FROM ${join}`;
  const isWhole = at.length === plan.columns.length;

  return {
    stage,
    async write(rows, now) {
      await writing.session.command(`DELETE FROM ${stage}`, now);
      await fill(isWhole ? rows : rows.map((row) => at.map((index) => row[index] ?? null)), now);
      await writing.session.command(statement, now);
    },
  };
}
