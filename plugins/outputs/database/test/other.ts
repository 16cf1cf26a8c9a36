import { connector, type Session } from '@cannectors/kit-sql';
import { onTestFinished } from 'vitest';
import { complete } from './complete.ts';

/** Somebody else who works with the database. */
export interface Other {
  /** Runs commands, one after the other. */
  readonly says: (...commands: string[]) => Promise<void>;
}

/** Connects somebody else, whose transaction ends with the test at the latest. */
export async function other(connectionString: string): Promise<Other> {
  const { signal } = new AbortController();
  const values = { int64: 'exact', binary: 'text' } as const;
  const database = await connector(complete({ connectionString }), values).open(signal);
  const session: Session = await database.acquire(signal);
  onTestFinished(async () => {
    await session.release();
    await database.close();
  });
  return {
    async says(...commands) {
      for (const command of commands) await session.command(command, signal);
    },
  };
}
