import { cancelled, notConnected } from '../faults.ts';
import { maskedAddress } from '../masking.ts';
import type { Connect } from './driver.ts';
import { readAddress } from './mysql/address.ts';
import { type Link, openLink } from './mysql/link.ts';
import { sessionOf } from './mysql/session.ts';
import { pool } from './pool.ts';

/**
 * Opens a MySQL or MariaDB database. Sessions are strict, in UTC and utf8mb4.
 *
 * @throws `sql.bad-address`, `sql.connect`, `sql.cancelled`
 */
export const connect: Connect = async (connectionString, settings, signal) => {
  const kills = new Set<Promise<void>>();
  const trunk = { address: readAddress(connectionString), timeoutMs: settings.timeoutMs, kills };
  const links = pool<Link>((waiting) => openLink(trunk, waiting), settings);
  const take = async (waiting: AbortSignal): Promise<Link> => {
    try {
      return await links.take(waiting);
    } catch (error) {
      throw waiting.aborted ? cancelled(waiting.reason) : notConnected(error, 'mysql');
    }
  };
  links.give(await take(signal));

  return {
    driver: 'mysql',
    target: maskedAddress(connectionString),
    async acquire(waiting) {
      const link = await take(waiting);
      return sessionOf(link, settings, () => links.give(link));
    },
    async close() {
      links.close();
      await Promise.all(kills);
    },
  };
};
