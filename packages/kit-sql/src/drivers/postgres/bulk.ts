import type { Bulk, BulkPlan, Session, ValueOptions } from '../../database.ts';
import type { Bounded } from './bounded.ts';
import { bulkCopy } from './bulk-copy.ts';
import { bulkUnnest } from './bulk-unnest.ts';
import { tableOf } from './table.ts';
import type { Client } from './wire.ts';

/** What a way of writing rows stands on. */
export interface BulkMeans {
  readonly client: Client;
  readonly within: Bounded;
  readonly binary: ValueOptions['binary'];
}

/**
 * Chooses the way of writing rows: `COPY` where rows are only added, arrays of columns otherwise
 * (bench/postgres-bulk).
 */
export async function bulk(
  session: Session,
  means: BulkMeans,
  plan: BulkPlan,
  signal: AbortSignal,
): Promise<Bulk> {
  const table = await tableOf(session, plan.table, plan.columns, signal);
  const isCopied = plan.mode === 'insert' && table.takesCopy;
  return isCopied ? bulkCopy(means, plan, table.columns) : bulkUnnest(means, plan, table.columns);
}
