import type { Fault } from '@cannectors/core';
import type { Bound, OnFailure, Session, ValueOptions } from '../../database.ts';
import { cancelled, type Failed, sqlFault } from '../../faults.ts';
import { bindable } from './bindable.ts';
import { breathing } from './breath.ts';
import { bulkOf } from './bulk.ts';
import { creation } from './new-table.ts';
import { readAll, readBlocks, type Source } from './reading.ts';

/** @param giveBack is called once, by `release` */
export function sessionOf(source: Source, options: ValueOptions, giveBack: () => void): Session {
  const { connection, lock } = source;
  const { db } = connection;
  let isReleased = false;

  return {
    command: (text, signal) => command(text, signal),
    rows: (statement, signal) => readAll(source, statement, signal),
    blocks: (statement, size, signal) => readBlocks(source, statement, size, signal),
    run: (statements, onFailure, signal) => run(statements, onFailure, signal),
    bulk: (plan, signal) => bulkOf(plan, source, options, signal),
    createTable: (table, columns, key, signal) => command(creation(table, columns, key), signal),
    async release() {
      if (isReleased) return;
      isReleased = true;
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      giveBack();
      lock.freed();
    },
  };

  async function command(text: string, signal: AbortSignal): Promise<void> {
    const failed: Failed = { driver: 'sqlite', operation: 'exec', statement: text };
    try {
      if (signal.aborted) throw cancelled(signal.reason);
      // SQLite rolls back by itself after some errors.
      if (/^\s*rollback\s*;?\s*$/i.test(text) && !db.isTransaction) return;
      await lock.whenFree(() => connection.prepared(begunAtOnce(text)).statement.run(), signal);
      if (!db.isTransaction) lock.freed();
    } catch (error) {
      throw sqlFault(error, failed);
    }
  }

  async function run(
    statements: readonly Bound[],
    onFailure: OnFailure,
    signal: AbortSignal,
  ): Promise<(number | Error)[]> {
    if (signal.aborted) throw cancelled(signal.reason);
    const results: (number | Error)[] = [];
    const breath = breathing(signal);
    const isInside = db.isTransaction;
    const attempt = onFailure === 'savepoint' && isInside ? saved : execute;
    for (const statement of statements) {
      // Looking at the clock costs a tenth of a statement.
      if (results.length % 32 === 0 && breath.isDue()) await breath.take();
      try {
        results.push(attempt(statement));
        continue;
      } catch (error) {
        const result = await later(error, () => attempt(statement), statement, signal);
        results.push(result);
        if (typeof result === 'number') continue;
      }
      // `OR ROLLBACK` and a full disk end the transaction: what follows would stand alone.
      if (onFailure === 'stop' || db.isTransaction !== isInside) break;
    }
    const last = results.at(-1);
    if (onFailure === 'stop' || !(last instanceof Error)) return results;
    for (let left = statements.length - results.length; left > 0; left--) results.push(last);
    return results;
  }

  /** Waits for the lock, if that is what was missing. */
  async function later(
    error: unknown,
    attempt: () => number,
    { text }: Bound,
    signal: AbortSignal,
  ): Promise<number | Fault> {
    try {
      return await lock.afterFailure(error, attempt, signal);
    } catch (reason) {
      if (signal.aborted) throw cancelled(signal.reason);
      return sqlFault(reason, { driver: 'sqlite', operation: 'exec', statement: text });
    }
  }

  function execute({ text, values }: Bound): number {
    return Number(connection.prepared(text).statement.run(...bindable(values)).changes);
  }

  function saved(statement: Bound): number {
    connection.prepared('SAVEPOINT cannectors_record').statement.run();
    try {
      return execute(statement);
    } catch (error) {
      if (db.isTransaction) connection.prepared('ROLLBACK TO cannectors_record').statement.run();
      throw error;
    } finally {
      if (db.isTransaction) connection.prepared('RELEASE cannectors_record').statement.run();
    }
  }
}

/** A transaction that only asks for the lock with its first write may get it too late. */
function begunAtOnce(text: string): string {
  return /^\s*begin(?:\s+transaction)?\s*;?\s*$/i.test(text) ? 'BEGIN IMMEDIATE' : text;
}
