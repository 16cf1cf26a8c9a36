import path from 'node:path';
import { badAddress } from '../../faults.ts';

/** Where a SQLite database is. */
export interface SqliteAddress {
  /** What SQLite is told. */
  readonly location: string;
  /** Absolute path of the file. `undefined`: the database lives in memory. */
  readonly file: string | undefined;
  readonly isReadOnly: boolean;
}

/**
 * Reads `file:./shop.db?mode=ro`, a plain path or `:memory:`. Paths are relative to the working folder.
 *
 * @throws `sql.bad-address`
 * @see https://www.sqlite.org/uri.html
 */
export function readAddress(connectionString: string): SqliteAddress {
  const [, pathname = '', query = ''] =
    /^file:([^?#]*)(?:\?([^#]*))?/i.exec(connectionString) ?? [];
  if (!/^file:/i.test(connectionString)) return plainPath(connectionString);

  const mode = new URLSearchParams(query).get('mode');
  const name = decoded(pathname.replace(/^\/\/(?:localhost)?(?=\/)/i, ''));
  const isInMemory = mode === 'memory' || name === ':memory:' || name === '';
  return {
    // SQLite knows the scheme in lower case only.
    location: `file:${connectionString.slice('file:'.length)}`,
    file: isInMemory ? undefined : path.resolve(name),
    isReadOnly: mode === 'ro' || new URLSearchParams(query).get('immutable') === '1',
  };
}

function plainPath(location: string): SqliteAddress {
  const file = location === ':memory:' || location === '' ? undefined : path.resolve(location);
  return { location, file, isReadOnly: false };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badAddress('sqlite', 'has a `%` that no two hexadecimal digits follow');
  }
}
