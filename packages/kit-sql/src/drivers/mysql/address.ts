import { isIP } from 'node:net';
import { badAddress } from '../../faults.ts';

/** Where a database is. */
export interface Place {
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Where a database is, and how its sessions are. */
export interface Address {
  readonly place: Place;
  readonly tls: Tls;
  /** Dates and instants are read as RFC 3339 instead of the text of the server. */
  readonly parseTime: boolean;
  /** System variables of every session; the values are SQL literals. */
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** `preferred`: with TLS if the server has it, nothing is verified. */
export type Tls = 'off' | 'preferred' | 'unverified' | 'verified-ca' | 'verified';

/**
 * Reads an address: a URL, or the form of Go's driver, `user:password@tcp(host:port)/name?parseTime=true`.
 *
 * @throws `sql.bad-address`
 * @see spec/connectors/database.md, section 2.1
 */
export function readAddress(connectionString: string): Address {
  const withoutScheme = connectionString.replace(/^(?:mysql|mariadb):\/\//i, '');
  const isUrl = withoutScheme !== connectionString && !/@(?:tcp|unix)\(/i.test(connectionString);
  const { place, parameters } = isUrl ? ofUrl(connectionString) : ofGo(withoutScheme);
  const address = { place, ...options(parameters) };
  // The library would compare the certificate with another name.
  if (address.tls === 'verified' && isIP(place.host ?? '') !== 0) {
    throw badAddress(
      'mysql',
      'has an IP address, whose certificate cannot be checked: TLS needs the name of the host, or `ssl-mode=VERIFY_CA`',
    );
  }
  return address;
}

interface Parts {
  readonly place: Place;
  readonly parameters: URLSearchParams;
}

function ofUrl(connectionString: string): Parts {
  if (!URL.canParse(connectionString)) {
    throw badAddress('mysql', 'is no URL: special characters of a password are written as %XX');
  }
  const { hostname, port, username, password, pathname, searchParams } = new URL(connectionString);
  const socketPath = searchParams.get('socket');
  searchParams.delete('socket');
  const host = decoded(hostname).replace(/^\[(.*)\]$/, '$1');
  return {
    place: {
      ...(socketPath === null ? { host, port: port === '' ? 3306 : Number(port) } : { socketPath }),
      ...named({ user: decoded(username), password: decoded(password) }),
      ...named({ database: decoded(pathname.slice(1)) }),
    },
    parameters: searchParams,
  };
}

/** The password may hold anything: the last `/` ends the place, the last `@` in front of it the user. */
function ofGo(text: string): Parts {
  const [, before = text, name = '', query = ''] =
    /^(.*)\/([^/?)]*)(?:\?([^/]*))?$/s.exec(text) ?? [];
  const [, credentials = '', where = ''] = /^(?:(.*)@)?(.*)$/s.exec(before) ?? [];
  const [, user = '', password = ''] = /^([^:]*)(?::(.*))?$/s.exec(credentials) ?? [];
  return {
    place: {
      ...reached(where),
      ...named({ user, password }),
      ...named({ database: decoded(name) }),
    },
    parameters: new URLSearchParams(query),
  };
}

function reached(where: string): Place {
  const [, kind = 'tcp', inside = where] = /^([a-z]+)\((.*)\)$/i.exec(where) ?? [];
  if (kind.toLowerCase() === 'unix') return { socketPath: inside };
  const [, host = '', port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(inside) ?? [];
  return { host: host === '' ? '127.0.0.1' : host, port: Number(port ?? 3306) };
}

/** Leaves out what is empty. */
function named(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badAddress('mysql', 'has a % that begins no %XX');
  }
}

/** Words of other drivers that change nothing here. */
const withoutEffect = new Set(
  (
    'allowAllFiles allowCleartextPasswords allowFallbackToPlaintext allowNativePasswords allowOldPasswords ' +
    'charset checkConnLiveness clientFoundRows collation columnsWithAlias compress connectionAttributes ' +
    'interpolateParams maxAllowedPacket multiStatements readTimeout rejectReadOnly serverPubKey timeout writeTimeout'
  ).split(' '),
);

function options(parameters: URLSearchParams): Omit<Address, 'place'> {
  let tls: Tls = 'off';
  let parseTime = false;
  const variables: [string, string][] = [];
  for (const [name, value] of parameters) {
    if (/^(?:tls|ssl|ssl-?mode)$/i.test(name)) tls = tlsOf(name, value);
    else if (name === 'parseTime') parseTime = isTrue(value);
    else if (name === 'loc' || name === 'time_zone') needsUtc(name, value);
    else if (!withoutEffect.has(name)) variables.push(variable(name, value));
  }
  return { tls, parseTime, variables };
}

const tlsWords: Readonly<Record<string, Tls>> = {
  false: 'off',
  '0': 'off',
  disabled: 'off',
  preferred: 'preferred',
  'skip-verify': 'unverified',
  required: 'unverified',
  verify_ca: 'verified-ca',
  true: 'verified',
  '1': 'verified',
  verify_identity: 'verified',
};

function tlsOf(name: string, value: string): Tls {
  const tls = tlsWords[value.toLowerCase()];
  if (tls !== undefined) return tls;
  throw badAddress('mysql', `has \`${name}\` with none of ${Object.keys(tlsWords).join(', ')}`);
}

/** As Go reads a boolean. */
function isTrue(value: string): boolean {
  return /^(?:1|t|true)$/i.test(value);
}

/** Every session runs in UTC: instants would be wrong in another zone. */
function needsUtc(name: string, value: string): void {
  const zone =
    value === 'Local' ? new Intl.DateTimeFormat().resolvedOptions().timeZone : unquoted(value);
  if (/^(?:(?:Etc\/)?(?:UTC|GMT)|[+-]00:00)$/i.test(zone)) return;
  throw badAddress(
    'mysql',
    `has \`${name}\` with another time zone than UTC, the one of every session`,
  );
}

function unquoted(value: string): string {
  return value.replace(/^'(.*)'$/, '$1');
}

/** Any other word is a system variable, as in Go. */
function variable(name: string, value: string): [string, string] {
  if (/^[a-z_][a-z0-9_]*$/i.test(name) && /^(?:'[^'\\]*'|[\w.+-]+)$/.test(value)) {
    return [name, value];
  }
  throw badAddress('mysql', 'has a word that is no option and no system variable with a value');
}
