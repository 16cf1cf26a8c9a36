import type { Bulk, BulkPlan, Session } from '../../database.ts';
import { mysqlBulk, type ReadyTable } from './bulk.ts';
import type { Writing } from './writing.ts';

/** A pipeline has one; more are only kept when many share a connection. */
const mostPlans = 16;

/**
 * Keeps for a connection what is known of the tables that it writes to: every batch asks for its table
 * anew. What has failed is forgotten, because the table may have changed.
 */
export function keptPlans(writing: Writing): Session['bulk'] {
  const tables = new Map<string, ReadyTable>();
  /** Temporary tables that nobody needs any more. */
  const stale: string[] = [];

  return async (plan, signal) => {
    if (stale.length > 0) {
      await writing.session.command(`DROP TEMPORARY TABLE IF EXISTS ${stale.join(', ')}`, signal);
      stale.length = 0;
    }
    const id = idOf(plan);
    const table = tables.get(id) ?? (await mysqlBulk(plan, writing, signal));
    tables.delete(id);
    tables.set(id, table);
    const [[oldest, unused] = []] = tables;
    if (tables.size > mostPlans && oldest !== undefined && unused !== undefined) {
      forget(oldest, unused);
    }
    return writerOf(id, table);
  };

  function writerOf(id: string, table: ReadyTable): Bulk {
    return {
      async write(rows, signal) {
        try {
          await table.write(rows, signal);
        } catch (error) {
          forget(id, table);
          throw error;
        }
      },
    };
  }

  function forget(id: string, table: ReadyTable): void {
    if (tables.get(id) !== table) return;
    tables.delete(id);
    if (table.stage !== undefined) stale.push(table.stage);
  }
}

function idOf({ table, columns, mode, key }: BulkPlan): string {
  return JSON.stringify([table, columns, mode, key]);
}
