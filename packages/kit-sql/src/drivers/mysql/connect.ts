import mysql from 'mysql2';
import { cancelled } from '../../faults.ts';
import type { Address, Tls } from './address.ts';
import type { Connection } from './client.ts';

/** Statements that a connection keeps prepared. */
const preparedStatements = 64;

/** Opens a connection as the address wants it. Waits for `timeoutMs` at most. */
export async function connected(
  address: Address,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  if (address.tls !== 'preferred') return connect(address, address.tls, timeoutMs, signal);
  try {
    return await connect(address, 'unverified', timeoutMs, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'HANDSHAKE_NO_SSL_SUPPORT')) {
      throw error;
    }
    return connect(address, 'off', timeoutMs, signal);
  }
}

function connect(
  address: Address,
  tls: Tls,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const connection: Connection = mysql.createConnection({
    ...address.place,
    ...(tls === 'off' ? {} : { ssl: tlsOptions[tls] }),
    connectTimeout: timeoutMs,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: false,
    maxPreparedStatements: preparedStatements,
    // The server may not ask for files, and the words of SQL keep their meaning.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-ODBC'],
  }) as unknown as Connection;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      end(connection);
      reject(cancelled(signal.reason));
    };
    signal.addEventListener('abort', leave, { once: true });
    connection.on('error', (error) => {
      signal.removeEventListener('abort', leave);
      reject(error);
    });
    connection.once('connect', () => {
      signal.removeEventListener('abort', leave);
      resolve(connection);
    });
  });
}

const tlsOptions = {
  preferred: { rejectUnauthorized: false },
  unverified: { rejectUnauthorized: false },
  'verified-ca': { rejectUnauthorized: true },
  verified: { rejectUnauthorized: true, verifyIdentity: true },
};

/** `destroy` of the library waits until all is read. */
export function end(connection: Connection): void {
  connection.destroy();
  connection.stream.destroy();
}
