import { cancelled, type Failed, sqlFault, timedOut } from '../../faults.ts';
import type { Pooled } from '../pool.ts';
import type { Address } from './address.ts';
import { type Ask, done, rows } from './answers.ts';
import type { Connection } from './client.ts';
import { connected, end } from './connect.ts';

/** One connection of the network. */
export interface Link extends Pooled {
  readonly connection: Connection;
  readonly parseTime: boolean;
  /** Bytes that one statement may have, its values included. */
  readonly maxPacket: number;
  /**
   * Waits for what the server is asked for.
   *
   * After a time-out or an abort the connection is closed and its server thread killed, so that it
   * holds no locks.
   *
   * @throws a fault made by `sqlFault`
   */
  wait<T>(ask: Ask<T>, limit: Limit): Promise<T>;
  /** Ends what runs, and the connection with it. */
  cut(): void;
}

export interface Limit {
  /** What is left of `timeoutMs`. */
  readonly leftMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly failed: Omit<Failed, 'driver'>;
}

/** What all connections of a database have in common. */
export interface Trunk {
  readonly address: Address;
  readonly timeoutMs: number;
  /** Threads of the server that are being killed. */
  readonly kills: Set<Promise<void>>;
}

/** A slow output may let rows wait; the server must not take that for a lost client. */
const patienceSeconds = 3600;

/** Connects, and makes the session strict, in UTC and utf8mb4. */
export async function openLink(trunk: Trunk, signal: AbortSignal): Promise<Link> {
  const { address, timeoutMs } = trunk;
  signal.throwIfAborted();
  const connection = await connected(address, timeoutMs, signal);
  const link = linkOf(connection, trunk);
  const limit = { leftMs: timeoutMs, timeoutMs, signal };
  try {
    for (const statement of preparations(trunk)) {
      await link.wait(done(connection, statement), {
        ...limit,
        failed: { operation: 'exec', statement },
      });
    }
    const failed = { operation: 'select', statement: identityQuery } as const;
    const [row] = await link.wait(rows(connection, identityQuery), { ...limit, failed });
    return Object.assign(link, {
      maxPacket: Number(row?.['packet']),
      thread: Number(row?.['thread']),
      server: String(row?.['server']),
    });
  } catch (error) {
    link.close();
    throw error;
  }
}

const identityQuery =
  'SELECT CONNECTION_ID() AS thread, @@hostname AS server, @@max_allowed_packet AS packet';

/**
 * A value that does not fit is an error, never cut (`STRICT_ALL_TABLES`). Waiting for a lock ends
 * before `timeoutMs`, because after that the connection would be lost too.
 */
function* preparations({ address, timeoutMs }: Trunk): Generator<string> {
  if (address.variables.length > 0) {
    yield `SET SESSION ${address.variables.map(([name, value]) => `${name} = ${value}`).join(', ')}`;
  }
  const lockSeconds = Math.max(1, Math.floor(timeoutMs / 1000) - 1);
  yield (
    `SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), time_zone = '+00:00', ` +
    `autocommit = 1, net_write_timeout = ${patienceSeconds}, ` +
    `innodb_lock_wait_timeout = LEAST(@@innodb_lock_wait_timeout, ${lockSeconds})`
  );
}

function linkOf(connection: Connection, trunk: Trunk) {
  let broken: Error | undefined;
  let isOpen = true;
  let fail: ((error: unknown) => void) | undefined;
  connection.on('error', (error) => {
    broken ??= error;
    fail?.(error);
  });

  const link = {
    connection,
    parseTime: trunk.address.parseTime,
    maxPacket: 0,
    thread: 0,
    server: '',
    isWell: () => isOpen && broken === undefined,
    close() {
      if (!isOpen) return;
      isOpen = false;
      end(connection);
    },
    cut() {
      if (!isOpen) return;
      link.close();
      if (broken !== undefined || link.thread === 0) return;
      const kill = killed(link, trunk).finally(() => trunk.kills.delete(kill));
      trunk.kills.add(kill);
    },
    wait<T>(ask: Ask<T>, { leftMs, timeoutMs, signal, failed }: Limit): Promise<T> {
      const where: Failed = { driver: 'mysql', ...failed };
      return new Promise((resolve, reject) => {
        const settle = (): void => {
          fail = undefined;
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
        };
        const give = (fault: Error): void => {
          settle();
          reject(fault);
        };
        const leave = (): void => {
          link.cut();
          give(cancelled(signal.reason));
        };
        const timer = setTimeout(() => {
          link.cut();
          give(timedOut(timeoutMs, where));
        }, leftMs);
        fail = (error) => give(sqlFault(error, where));
        if (signal.aborted) return give(cancelled(signal.reason));
        if (!link.isWell()) return fail(broken ?? new Error('connection closed'));
        signal.addEventListener('abort', leave, { once: true });
        ask((value) => {
          settle();
          resolve(value);
        }, fail);
      });
    },
  };
  return link;
}

/**
 * Kills the thread of the server: it would go on with its statement and hold its locks. Behind a
 * balancer the second connection may lead to another server, where the number is somebody else's.
 */
async function killed(
  { thread, server }: { readonly thread: number; readonly server: string },
  { address, timeoutMs }: Trunk,
): Promise<void> {
  try {
    const connection = await connected(address, timeoutMs, AbortSignal.timeout(timeoutMs));
    try {
      const [row] = await new Promise(rows(connection, identityQuery));
      if (row?.['server'] === server) await new Promise(done(connection, `KILL ${thread}`));
    } finally {
      end(connection);
    }
  } catch {
    // Nobody waits for it, and the server ends the thread when it finds the client gone.
  }
}
