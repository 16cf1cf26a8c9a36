import { type Context, faultOf, type Output, type WriteResult } from '@cannectors/core';
import { connector, type Database, type Driver } from '@cannectors/kit-sql';
import { checkpointTable } from './checkpoint-table.ts';
import { checkpoints } from './checkpoints.ts';
import type { Config } from './config.ts';
import { needsTransaction } from './faults.ts';
import { formOf } from './form-of.ts';
import type { Acquire, Form, Write } from './form.ts';
import { losses } from './losses.ts';
import { transaction } from './unit.ts';

/**
 * Writes records to a database: with a statement of the user for each of them, or in bulk.
 *
 * @throws `database.*`, `sql.*`, `template.*`, `expression.*`, `record.forbidden-key`
 * @see spec/connectors/database.md, section 5
 */
export function database(config: Config, context: Context): Output {
  const { log, pipeline } = context;
  const way = connector(config, { int64: 'exact', binary: config.binary });
  const driver = (): Driver => way.address().driver;
  const form = formOf(config, context, driver);
  if (config.exactlyOnce && !form.isTransaction) throw needsTransaction();
  let opening: Promise<Database> | undefined;

  const acquire: Acquire = async (signal) => {
    opening ??= way.open(signal);
    const opened = await opening;
    return await opened.acquire(signal);
  };
  const kept = config.exactlyOnce
    ? checkpoints(form, acquire, checkpointTable(config.checkpointTable, pipeline.name, driver))
    : undefined;
  const write = kept?.write ?? batchByBatch(form, acquire);

  return {
    ...(kept === undefined ? { concurrent: form.concurrent } : { checkpoints: kept.keeper }),

    async open(signal) {
      opening = way.open(signal);
      await opening;
    },

    async write(given, signal): Promise<WriteResult> {
      if (given.items.length === 0) return {};
      signal.throwIfAborted();
      const batch = losses(given);
      const record_count = given.items.length;
      const started = performance.now();
      log.info('database output send started', { record_count, transaction: form.isTransaction });
      form.see?.(batch);
      try {
        await write(batch, signal);
      } catch (error) {
        batch.log(log);
        const fault = faultOf(error, 'OUTPUT_FAILED');
        log.error('database output send failed', { sent_count: 0, error: fault.message });
        // It is no fault of a record that could be skipped, and nothing is committed.
        if (form.isTransaction && !signal.aborted) return { failure: fault };
        throw error;
      }
      batch.log(log);
      const result = batch.result(form.isTransaction);
      const { rejected = [], unsent = [] } = result;
      const sent_count = record_count - rejected.length - unsent.length;
      if (batch.hasFailed()) {
        const error = rejected[0]?.fault.message;
        log.error('database output send failed', { sent_count, error });
      } else {
        const duration_ms = Math.round(performance.now() - started);
        log.info('database output send completed', { record_count, sent_count, duration_ms });
      }
      return result;
    },

    preview({ items }, { showCredentials }) {
      const address = way.address();
      const target = address.target(showCredentials);
      return form.preview(items, { driver: address.driver, target });
    },

    async close() {
      await kept?.close();
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      await opened?.close();
    },
  };
}

/** Writes each batch over a connection that is lent for it. */
function batchByBatch(form: Form, acquire: Acquire): Write {
  return async (batch, signal) => {
    if (!form.isTransaction) return await form.writeAlone?.(batch, acquire, signal);
    const session = await acquire(signal);
    try {
      await form.prepare?.(batch, session, signal);
      await form.write(batch, session, transaction(session), signal);
    } finally {
      await session.release();
    }
  };
}
