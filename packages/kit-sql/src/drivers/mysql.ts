import { cancelled, notConnected } from '../faults.ts';
import { maskedAddress } from '../masking.ts';
import type { Connect } from './driver.ts';
import { readAddress } from './mysql/address.ts';
import { openLink } from './mysql/link.ts';
import { type KeptSession, sessionOf } from './mysql/session.ts';
import { pool } from './pool.ts';

/**
 * Opens a MySQL or MariaDB database. Sessions are strict, in UTC and utf8mb4.
 *
 * @throws `sql.bad-address`, `sql.connect`, `sql.cancelled`
 */
export const connect: Connect = async (connectionString, settings, signal) => {
  const kills = new Set<Promise<void>>();
  const trunk = { address: readAddress(connectionString), timeoutMs: settings.timeoutMs, kills };
  const sessions = pool<KeptSession>(
    async (waiting) => sessionOf(await openLink(trunk, waiting), settings),
    settings,
  );
  const take = async (waiting: AbortSignal): Promise<KeptSession> => {
    try {
      return await sessions.take(waiting);
    } catch (error) {
      throw waiting.aborted ? cancelled(waiting.reason) : notConnected(error, 'mysql');
    }
  };
  sessions.give(await take(signal));

  return {
    driver: 'mysql',
    target: maskedAddress(connectionString),
    async acquire(waiting) {
      const kept = await take(waiting);
      return { ...kept.session, release: returning(kept) };
    },
    async close() {
      sessions.close();
      await Promise.all(kills);
    },
  };

  /** Twice is once: somebody else may have it by then. */
  function returning(kept: KeptSession): () => Promise<void> {
    let isLent = true;
    return async () => {
      if (!isLent) return;
      isLent = false;
      kept.rest();
      sessions.give(kept);
    };
  }
};
