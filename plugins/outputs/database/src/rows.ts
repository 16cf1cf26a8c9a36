import { type Fault, faultOf, type Item, type Json } from '@cannectors/core';
import { type Bulk, isOfRecord, type Session } from '@cannectors/kit-sql';
import { type Columns, columnsByName, columnsByPath, columnsOf } from './columns.ts';
import type { Config } from './config.ts';
import { noColumns, noKey } from './faults.ts';
import type { Form, FormBatch } from './form.ts';
import { halve } from './isolate.ts';
import { previewRows } from './preview-rows.ts';
import { shapeOf } from './shape.ts';
import { inUnit, type Unit } from './unit.ts';

/** The rows of a batch, and the place in the batch of each. */
interface Built {
  readonly rows: Json[][];
  readonly places: number[];
}

/**
 * Writes rows into a table, as fast as the database takes them.
 *
 * A batch that the database refuses because of a record is written again in parts, so that only
 * that record is lost.
 *
 * @throws `record.forbidden-key`
 * @see spec/connectors/database.md, section 5.1
 */
export function rows(config: Config & { readonly table: string }): Form {
  const { table, mode, key = [], createTable } = config;
  const given = givenColumns(config, key);
  /** What the first record of a run said. */
  let found: Columns | undefined;
  let making: Promise<void> | undefined;

  return {
    isTransaction: true,
    // The order of new rows says nothing; that of changes to one row does.
    concurrent: mode === 'insert' ? 'batches' : 'deliveries',

    see({ items, isFirst }) {
      if (isFirst) found = undefined;
      columnsFor(items);
    },

    async prepare({ items }, session, signal) {
      const columns = columnsFor(items);
      if (!createTable || columns === undefined) return;
      making ??= make(columns, items, session, signal);
      await making;
    },

    async write(batch, session, unit, signal) {
      const columns = columnsFor(batch.items);
      const built = build(batch.items, columns, (index, fault) => {
        batch.lost({ index, fault, step: 'build' });
        return !batch.failFast;
      });
      if (batch.hasFailed() || columns === undefined || built.rows.length === 0) return;
      const plan = { table, columns: columns.names, mode, key };
      await writeRows(batch, built, () => session.bulk(plan, signal), session, unit, signal);
    },

    preview: (items, address) => previewRows(items, address, config, columnsFor(items)),
  };

  async function make(
    columns: Columns,
    items: readonly Item[],
    session: Session,
    signal: AbortSignal,
  ): Promise<void> {
    const shape = shapeOf(columns.names, key, build(items, columns, () => true).rows);
    try {
      await session.createTable(table, shape, key, signal);
    } catch (error) {
      making = undefined;
      throw error;
    }
  }

  function columnsFor(items: readonly Item[]): Columns | undefined {
    if (given !== undefined) return given;
    for (const { record } of items) {
      if (found !== undefined) break;
      if (key.every((name) => Object.hasOwn(record, name))) found = columnsOf(record, key);
    }
    return found;
  }

  /** @param refuse is told of a record that makes no row, and says whether to go on */
  function build(
    items: readonly Item[],
    columns: Columns | undefined,
    refuse: (index: number, fault: Fault) => boolean,
  ): Built {
    const built: Built = { rows: [], places: [] };
    for (let index = 0; index < items.length; index++) {
      const { record } = items[index] as Item;
      try {
        if (columns === undefined) throw key[0] === undefined ? noColumns() : noKey(key[0]);
        built.rows.push(columns.row(record));
        built.places.push(index);
      } catch (error) {
        if (!refuse(index, faultOf(error, 'OUTPUT_FAILED'))) break;
      }
    }
    return built;
  }
}

/** The columns that the config names; `undefined`: those of the records. */
function givenColumns({ columns, mode }: Config, key: readonly string[]): Columns | undefined {
  if (Array.isArray(columns)) return columnsByName(columns, key);
  if (columns !== undefined) return columnsByPath(columns, key);
  return mode === 'delete' ? columnsByName(key, key) : undefined;
}

async function writeRows(
  batch: FormBatch,
  { rows, places }: Built,
  ready: () => Promise<Bulk>,
  session: Session,
  unit: Unit,
  signal: AbortSignal,
): Promise<void> {
  try {
    await inUnit(unit, signal, async () => {
      const bulk = await ready();
      await bulk.write(rows, signal);
      return 'keep';
    });
  } catch (error) {
    if (signal.aborted || !isOfRecord(error)) throw error;
    await inUnit(unit, signal, async () => {
      const bulk = await ready();
      await halve(0, rows.length, {
        session,
        signal,
        attempt: (start, end) => bulk.write(rows.slice(start, end), signal),
        refused(row, fault) {
          batch.lost({ index: places[row] ?? 0, fault, step: 'write' });
          return !batch.failFast;
        },
      });
      return batch.hasFailed() ? 'undo' : 'keep';
    });
  }
}
