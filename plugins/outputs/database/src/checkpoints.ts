import type { CheckpointKeeper, Fault } from '@cannectors/core';
import type { Session } from '@cannectors/kit-sql';
import type { CheckpointTable } from './checkpoint-table.ts';
import { startAgain } from './faults.ts';
import type { Acquire, Form, Write } from './form.ts';
import { keep, savepoint, transaction, type Unit } from './unit.ts';

/** Writes that are committed together with the checkpoint of the pipeline. */
export interface Checkpoints {
  readonly keeper: CheckpointKeeper;
  readonly write: Write;
  /** Gives up what was not saved. */
  close(): Promise<void>;
}

/**
 * Keeps one transaction open from the first batch after a checkpoint to the next checkpoint, so that
 * both are stored or neither is.
 *
 * A batch that fails is rolled back to where it began, and may be tried again. When the transaction
 * itself is gone, with batches that counted as written, every call fails until `load`: the run has to
 * begin again at the last checkpoint.
 *
 * @see spec/connectors/database.md, section 5.2
 */
export function checkpoints(form: Form, acquire: Acquire, table: CheckpointTable): Checkpoints {
  /** Its connection, while a transaction is open, and the batches in it. */
  let session: Session | undefined;
  let batches = 0;
  let lost: Fault | undefined;

  const end = async (): Promise<void> => {
    const open = session;
    session = undefined;
    batches = 0;
    await open?.release();
  };
  const giveUp = async (): Promise<void> => {
    if (session !== undefined) await transaction(session).undo();
    await end();
  };
  const lose = async (error: unknown): Promise<void> => {
    if (batches > 0) lost = startAgain(error);
    await giveUp();
  };

  const begun = async (
    signal: AbortSignal,
    prepare: (fresh: Session) => Promise<void> | undefined,
  ): Promise<Session> => {
    if (lost !== undefined) throw lost;
    if (session !== undefined) return session;
    const fresh = await acquire(signal);
    try {
      await prepare(fresh);
      await transaction(fresh).begin(signal);
    } catch (error) {
      await fresh.release();
      throw error;
    }
    session = fresh;
    return fresh;
  };

  const batchIn = (open: Session): Unit => {
    const point = savepoint(open, 'cannectors_batch');
    const watched = async (step: Promise<void>): Promise<void> => {
      try {
        await step;
      } catch (error) {
        await lose(error);
        throw error;
      }
    };
    return {
      begin: (signal) => watched(point.begin(signal)),
      keep: (signal) => point.keep(signal),
      undo: () => watched(point.undo()),
    };
  };

  return {
    async write(batch, signal) {
      const open = await begun(signal, (fresh) => form.prepare?.(batch, fresh, signal));
      await form.write(batch, open, batchIn(open), signal);
      if (!batch.hasFailed()) batches++;
    },

    keeper: {
      async load(signal) {
        await giveUp();
        lost = undefined;
        const fresh = await acquire(signal);
        try {
          return await table.load(fresh, signal);
        } finally {
          await fresh.release();
        }
      },

      async save(kept, signal) {
        const open = await begun(signal, () => undefined);
        try {
          await table.save(kept, open, signal);
          await keep(transaction(open), signal);
        } catch (error) {
          await lose(error);
          throw error;
        }
        await end();
      },
    },

    close: giveUp,
  };
}
