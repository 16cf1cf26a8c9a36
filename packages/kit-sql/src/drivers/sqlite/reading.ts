import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { JsonRecord } from '@cannectors/core';
import type { Block, Bound } from '../../database.ts';
import { cancelled, type Failed, sqlFault, timedOut } from '../../faults.ts';
import { bindable } from './bindable.ts';
import { breathing } from './breath.ts';
import type { Connection, Prepared } from './connection.ts';
import type { Lock } from './lock.ts';
import type { RowReader } from './row-reader.ts';

export interface Source {
  readonly connection: Connection;
  readonly lock: Lock;
  readonly timeoutMs: number;
}

/**
 * Reads the rows of a statement in blocks. A statement without rows runs and gives no block.
 *
 * The time that counts is that of SQLite, not that of whoever takes the blocks.
 */
export async function* readBlocks(
  source: Source,
  { text, values }: Bound,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Block, void, void> {
  const { connection, lock, timeoutMs } = source;
  const failed: Failed = { driver: 'sqlite', operation: 'select', statement: text };
  const breath = breathing(signal);
  const bound = bindable(values);
  let rows: NodeJS.Iterator<SQLOutputValue[]> | undefined;
  let spentMs = 0;
  try {
    if (signal.aborted) throw cancelled(signal.reason);
    const begin = (): Begun => begun(connection.prepare(text), bound);
    const started = await lock.whenFree(begin, signal);
    ({ rows } = started);
    const { reader } = started;
    let step = started.first;
    while (step.done !== true) {
      const began = performance.now();
      const records: JsonRecord[] = [];
      while (step.done !== true && records.length < size) {
        records.push(reader.record(step.value));
        step = rows.next();
      }
      spentMs += performance.now() - began;
      if (spentMs > timeoutMs) throw timedOut(timeoutMs, failed);
      yield { records, instants: reader.instants };
      if (breath.isDue() || signal.aborted) await breath.take();
    }
  } catch (error) {
    throw sqlFault(error, failed);
  } finally {
    // Ends what the statement keeps locked.
    rows?.return?.();
  }
}

/** Runs a statement and gives all its rows, in one go. */
export async function readAll(
  { connection, lock, timeoutMs }: Source,
  { text, values }: Bound,
  signal: AbortSignal,
): Promise<Block> {
  const failed: Failed = { driver: 'sqlite', operation: 'select', statement: text };
  const read = (): Block => {
    const deadline = performance.now() + timeoutMs;
    const { rows, first, reader } = begun(connection.prepared(text), bindable(values));
    const records: JsonRecord[] = [];
    try {
      for (let step = first; step.done !== true; step = rows.next()) {
        records.push(reader.record(step.value));
        const isLate = records.length % 1000 === 0 && performance.now() > deadline;
        if (isLate) throw timedOut(timeoutMs, failed);
      }
    } finally {
      rows.return?.();
    }
    return { records, instants: reader.instants };
  };
  try {
    if (signal.aborted) throw cancelled(signal.reason);
    return await lock.whenFree(read, signal);
  } catch (error) {
    throw sqlFault(error, failed);
  }
}

interface Begun {
  readonly rows: NodeJS.Iterator<SQLOutputValue[]>;
  readonly first: IteratorResult<SQLOutputValue[]>;
  readonly reader: RowReader;
}

/** With the first row it is known whether the database is free. */
function begun(prepared: Prepared, values: SQLInputValue[]): Begun {
  const rows = prepared.statement.iterate(...values) as unknown as Begun['rows'];
  const first = rows.next();
  return { rows, first, reader: prepared.reader() };
}
