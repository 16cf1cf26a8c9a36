import type { Block, Bound, OnFailure, Session, ValueOptions } from '../../database.ts';
import { sqlFault } from '../../faults.ts';
import type { Pooled } from '../pool.ts';
import { type Ask, done, heard, preparation } from './answers.ts';
import { type Answer, type Done, errors, inTransaction, numberOf } from './client.ts';
import { isFloat } from './columns.ts';
import type { Limit, Link } from './link.ts';
import { newTable } from './new-table.ts';
import { checkSize, parameter } from './parameters.ts';
import { keptPlans } from './plans.ts';
import { blocksOf } from './reading.ts';

export interface SessionSettings extends ValueOptions {
  readonly timeoutMs: number;
}

/** A connection and what is known of it, for one holder after the other. */
export interface KeptSession extends Pooled {
  readonly session: Omit<Session, 'release'>;
  /** Its holder is done. */
  rest(): void;
}

/** Speaks over a link. */
export function sessionOf(link: Link, settings: SessionSettings): KeptSession {
  const { timeoutMs } = settings;
  const reading = { ...settings, parseTime: link.parseTime };
  let isInTransaction = false;
  /** The server has rolled the transaction back: what follows would be committed by itself. */
  let lost: Error | undefined;

  const session: KeptSession['session'] = {
    async command(text, signal) {
      if (beginsAnew(text)) lost = undefined;
      await exec(text, done(link.connection, text), signal);
    },
    async rows(statement, signal) {
      const found: Block = { records: [], instants: [] };
      for await (const block of read(statement, Infinity, signal)) return block;
      return found;
    },
    blocks: (statement, size, signal) => read(statement, size, signal),
    async run(statements, onFailure, signal) {
      const answers: (number | Error)[] = [];
      for (const statement of statements) {
        const answer = await one(statement, onFailure, signal);
        answers.push(answer);
        if (typeof answer !== 'number' && onFailure === 'stop') break;
      }
      return answers;
    },
    bulk: (plan, signal) => plans(plan, signal),
    createTable: (table, columns, key, signal) =>
      session.command(newTable(table, columns, key), signal),
  };

  const plans = keptPlans({
    session,
    values: settings,
    maxPacket: link.maxPacket,
    execute: (sql, values, signal) => exec(sql, prepared(sql, values), signal),
  });

  return {
    session,
    isWell: () => link.isWell() && !isInTransaction,
    close: () => link.close(),
    rest: () => (lost = undefined),
  };

  /** Runs something without rows, and watches what becomes of the transaction. */
  async function exec(
    statement: string,
    ask: Ask<Done | undefined>,
    signal: AbortSignal,
  ): Promise<number> {
    try {
      if (lost !== undefined) throw lost;
      const failed = { operation: 'exec', statement } as const;
      const last = await link.wait(ask, { leftMs: timeoutMs, timeoutMs, signal, failed });
      if (last === undefined) return 0;
      isInTransaction = isOpen(last);
      return last.affectedRows;
    } catch (error) {
      await lookAfter(error, signal);
      throw error;
    }
  }

  function prepared(sql: string, values: readonly unknown[]): Ask<Done | undefined> {
    return (resolve, reject) => {
      let last: Done | undefined;
      heard(link.connection.execute({ sql, values }), {
        row: () => undefined,
        done: (result) => (last = result),
        end: () => resolve(last),
        reject,
      });
    };
  }

  async function one(
    statement: Bound,
    onFailure: OnFailure,
    signal: AbortSignal,
  ): Promise<number | Error> {
    const { text, values } = statement;
    const hasSavepoint = onFailure === 'savepoint' && !isAtomic(text);
    try {
      if (hasSavepoint) await session.command(`SAVEPOINT ${savepoint}`, signal);
      const sent = values.map(parameter);
      checkSize(text, sent, link.maxPacket);
      const changed = await executed(text, sent, signal);
      if (hasSavepoint) await session.command(`RELEASE SAVEPOINT ${savepoint}`, signal);
      return changed;
    } catch (error) {
      if (hasSavepoint && lost === undefined && link.isWell()) {
        await session.command(`ROLLBACK TO SAVEPOINT ${savepoint}`, signal);
      }
      return sqlFault(error, { driver: 'mysql', operation: 'exec', statement: text });
    }
  }

  /** Few commands cannot be prepared; none of them has values. */
  async function executed(
    sql: string,
    values: readonly unknown[],
    signal: AbortSignal,
  ): Promise<number> {
    try {
      return await exec(sql, prepared(sql, values), signal);
    } catch (error) {
      if (!isNotPreparable(error)) throw error;
      return exec(sql, done(link.connection, sql), signal);
    }
  }

  async function* read(
    { text, values }: Bound,
    size: number,
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const failed = { operation: 'select', statement: text } as const;
    const limit = { leftMs: timeoutMs, timeoutMs, signal, failed };
    const sent = values.map(parameter);
    try {
      if (lost !== undefined) throw lost;
      checkSize(text, sent, link.maxPacket);
      const isPrepared = sent.length > 0 || (await needsPrepared(text, limit));
      const ask = (): Answer =>
        isPrepared
          ? link.connection.execute({ sql: text, values: sent })
          : link.connection.query({ sql: text });
      yield* blocksOf(link, ask, size, reading, limit);
    } catch (error) {
      const fault = sqlFault(error, { driver: 'mysql', ...failed });
      await lookAfter(fault, signal);
      throw fault;
    }
  }

  /** Text is half the work of prepared rows, and good where no column would lose digits. */
  async function needsPrepared(sql: string, limit: Limit): Promise<boolean> {
    try {
      const { columns } = await link.wait(preparation(link.connection, sql), limit);
      return columns.some(isFloat);
    } catch (error) {
      if (isNotPreparable(error)) return false;
      throw error;
    }
  }

  /** A deadlock ends the whole transaction, waiting too long for a lock may do so. */
  async function lookAfter(error: unknown, signal: AbortSignal): Promise<void> {
    if (!isInTransaction || !link.isWell() || !mayEndTransaction(error)) return;
    const failed = { operation: 'exec', statement: 'DO 0' } as const;
    const limit = { leftMs: timeoutMs, timeoutMs, signal, failed };
    const status = await link.wait(done(link.connection, 'DO 0'), limit);
    isInTransaction = isOpen(status);
    if (!isInTransaction) lost = error as Error;
  }
}

const savepoint = 'cannectors_statement';

/** A lost transaction is over for the caller too. */
function beginsAnew(sql: string): boolean {
  return /^\s*(?:rollback(?!\s+(?:work\s+)?to\b)|begin\b|start\s)/i.test(sql);
}

/** These leave nothing behind when they fail; a procedure may. */
function isAtomic(sql: string): boolean {
  return /^\s*(?:insert|replace|update|delete|select|with)\b/i.test(sql);
}

function isOpen(status: Done | undefined): boolean {
  return status !== undefined && (status.serverStatus & inTransaction) !== 0;
}

function isNotPreparable(error: unknown): boolean {
  return numberIn(error) === errors.notPreparable;
}

function mayEndTransaction(error: unknown): boolean {
  const number = numberIn(error);
  return number === errors.deadlock || number === errors.lockWait;
}

function numberIn(error: unknown): number | undefined {
  return error instanceof Error ? numberOf(error.cause) : undefined;
}
