import type { Block, Bound, Session, ValueOptions } from '../../database.ts';
import { bounded } from './bounded.ts';
import { bulk } from './bulk.ts';
import { canCopy, copyOut } from './copy-out.ts';
import { createTable } from './create-table.ts';
import { allRecords, cursor } from './cursor.ts';
import { executing, selecting } from './failed.ts';
import { wireValues } from './parameters.ts';
import type { Step } from './pipeline.ts';
import { type Prepared, preparedOn } from './prepared.ts';
import { recordReader } from './records.ts';
import { runner } from './run.ts';
import type { Client } from './wire.ts';

/** What a session needs beside its connection. */
export interface SessionOptions extends ValueOptions {
  readonly timeoutMs: number;
  /** Asks the server to cancel what a connection runs. */
  readonly cancel: (client: Client) => Promise<void>;
  /** Gives the connection back: to be used again, or to be closed. */
  readonly giveBack: (client: Client, isUsable: boolean) => void;
}

/** Makes a session of a connection of the pool. */
export function session(client: Client, options: SessionOptions): Session {
  const within = bounded(client, options.cancel, options.timeoutMs);
  const statements = preparedOn(client);
  let isReading = false;
  let isReleased = false;

  const self: Session = {
    command: (text, signal) =>
      within(executing(text), signal, async () => {
        // The server would roll back, and call that a success.
        const isAborted = client.getTransactionStatus() === 'E';
        if (isAborted && text === 'COMMIT') throw new Error('current transaction is aborted');
        await client.query(text);
      }),
    rows: (statement, signal) =>
      within(selecting(statement.text), signal, async () => {
        try {
          return await rows(statement);
        } catch (error) {
          if (!statements.isOutdated(error) || client.getTransactionStatus() !== 'I') throw error;
          return rows(statement);
        }
      }),
    blocks,
    run: runner(client, within, options.binary),
    bulk: (plan, signal) => bulk(self, { client, within, binary: options.binary }, plan, signal),
    createTable: (table, columns, key, signal) => createTable(self, table, columns, key, signal),
    async release() {
      if (isReleased) return;
      isReleased = true;
      within.end();
      options.giveBack(client, !isReading && client.getTransactionStatus() === 'I');
    },
  };
  return self;

  async function rows(statement: Bound): Promise<Block> {
    const { step, fields } = await stepOf(statement);
    const reader = recordReader(fields, options);
    return { records: await allRecords(client, step, reader), instants: reader.instants };
  }

  async function* blocks(
    statement: Bound,
    size: number,
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const failed = selecting(statement.text);
    const { step, fields } = await within(failed, signal, () => stepOf(statement));
    const reader = recordReader(fields, options);
    const isCopied = fields.length > 0 && step.values.length === 0 && canCopy(statement.text);
    const source = isCopied
      ? copyOut(client, statement.text, size, reader, () => options.cancel(client))
      : cursor(client, step, size, reader);
    const fetch = (): Promise<Block['records']> => {
      const fetched = within(failed, signal, () => source.next());
      // It may fail while nobody waits for it.
      fetched.catch(() => {});
      return fetched;
    };

    isReading = true;
    let next = fetch();
    try {
      for (let isLast = false; !isLast;) {
        const records = await next;
        isLast = records.length < size;
        // The server works on the next block while this one is used.
        if (!isLast) next = fetch();
        if (records.length > 0) yield { records, instants: reader.instants };
      }
      isReading = false;
    } finally {
      await next.catch(() => {});
      if (isReading) await within(failed, never, () => source.close()).catch(() => {});
      isReading = false;
    }
  }

  async function stepOf({ text, values }: Bound): Promise<Prepared & { readonly step: Step }> {
    const prepared = await statements.prepare(text);
    const step = {
      name: prepared.name,
      values: wireValues(values, prepared.parameters, options.binary),
    };
    return { ...prepared, step };
  }
}

const never = new AbortController().signal;
