import type { JsonRecord } from '@cannectors/core';
import type { Step } from './pipeline.ts';
import type { RecordReader } from './records.ts';
import { type Client, exchange, together, whenReady } from './wire.ts';

/** The rows of one statement, of which the server keeps those that were not asked for yet. */
export interface Cursor {
  /** Gives at most `size` records. An answer with fewer is the last. */
  next(): Promise<JsonRecord[]>;
  /** Gives up the rows that are left. */
  close(): Promise<void>;
}

/** Reads all rows of a prepared statement at once. */
export function allRecords(
  client: Client,
  step: Step,
  reader: RecordReader,
): Promise<JsonRecord[]> {
  return new Promise((resolve, reject) => {
    const { connection } = client;
    const records: JsonRecord[] = [];
    client.query(
      exchange({
        submit: () =>
          together(connection, () => {
            connection.bind({ portal: '', statement: step.name, values: step.values });
            connection.execute({ portal: '', rows: 0 });
            connection.sync();
          }),
        handleDataRow: ({ fields }) => void records.push(reader.record(fields)),
        handleError: (error) => whenReady(connection, () => reject(error)),
        handleReadyForQuery: () => resolve(records),
      }),
    );
  });
}

const portal = 'cannectors';

/**
 * Opens a portal on a prepared statement. Until it is at its end or closed, the connection does nothing else.
 *
 * @see PostgreSQL, section 55.2.3
 */
export function cursor(client: Client, step: Step, size: number, reader: RecordReader): Cursor {
  const { connection } = client;
  let isSubmitted = false;
  let isOver = false;
  let records: JsonRecord[] = [];
  let waiting: PromiseWithResolvers<JsonRecord[]> | undefined;

  const flow = exchange({
    submit() {
      together(connection, () => {
        connection.bind({ portal, statement: step.name, values: step.values });
        connection.execute({ portal, rows: size });
        connection.flush();
      });
    },
    handleDataRow({ fields }) {
      records.push(reader.record(fields));
    },
    handlePortalSuspended: answer,
    handleCommandComplete: end,
    handleEmptyQuery: end,
    handleError(error) {
      isOver = true;
      connection.sync();
      whenReady(connection, () => waiting?.reject(error));
    },
    handleReadyForQuery: answer,
  });

  return {
    next() {
      waiting = Promise.withResolvers();
      if (isOver) waiting.resolve([]);
      else if (isSubmitted) fetchMore();
      else client.query(flow);
      isSubmitted = true;
      return waiting.promise;
    },
    async close() {
      if (!isSubmitted || isOver) return;
      waiting = Promise.withResolvers();
      end();
      await waiting.promise;
    },
  };

  function fetchMore(): void {
    connection.execute({ portal, rows: size });
    connection.flush();
  }

  function end(): void {
    isOver = true;
    connection.close({ type: 'P', name: portal });
    connection.sync();
  }

  function answer(): void {
    const found = records;
    records = [];
    waiting?.resolve(found);
  }
}
