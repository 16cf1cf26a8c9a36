import type { Connector, Database, Session } from '@cannectors/kit-sql';

/** The database of one filter, opened when it is needed, and kept. */
export interface OwnDatabase {
  open(signal: AbortSignal): Promise<Database>;
  /** Lends a connection for a piece of work. @throws the reason of `signal`, and what the work throws */
  with<Result>(
    work: (session: Session, database: Database) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result>;
  close(): Promise<void>;
}

export function ownDatabase(way: Connector): OwnDatabase {
  let opening: Promise<Database> | undefined;

  const open = async (signal: AbortSignal): Promise<Database> => {
    const mine = (opening ??= way.open(signal));
    try {
      return await mine;
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw error;
    }
  };

  return {
    open,

    async with(work, signal) {
      try {
        const database = await open(signal);
        const session = await database.acquire(signal);
        try {
          return await work(session, database);
        } finally {
          await session.release();
        }
      } catch (error) {
        // The end of a run is no error of a record.
        signal.throwIfAborted();
        throw error;
      }
    },

    async close() {
      const opened = await opening?.catch(() => undefined);
      opening = undefined;
      await opened?.close();
    },
  };
}
