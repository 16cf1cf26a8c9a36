import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import { badAddress } from '../../faults.ts';

/** How `pg` is to connect. */
export interface PostgresAddress {
  readonly config: ClientConfig;
  /** With or without TLS, in the order in which it is to be tried: the next where the server wants the other. */
  readonly tls: readonly [Tls, ...Tls[]];
}

type Tls = false | ConnectionOptions;

/**
 * Reads an address with the meaning that libpq gives it: `postgres://user@host:5432/shop?sslmode=require`
 * or `host=db dbname=shop sslmode=require`. A keyword that is none of libpq's sets a parameter of the
 * session, as in `search_path=sales`.
 *
 * @throws `sql.bad-address`
 * @see PostgreSQL, sections 34.1.1 and 34.18
 */
export function postgresAddress(connectionString: string): PostgresAddress {
  const isUrl = /^postgres(?:ql)?:\/\//i.test(connectionString);
  const words = isUrl ? wordsOfUrl(connectionString) : wordsOfPairs(connectionString);
  const host = words.get('hostaddr') ?? words.get('host');
  const mode = words.get('sslmode') ?? process.env['PGSSLMODE'] ?? usualMode(host);
  const timeout = Number(words.get('connect_timeout') ?? 0);

  const config: ClientConfig = {
    ...(host !== undefined && { host }),
    ...numberAt(words, 'port'),
    ...textAt(words, 'user', 'user'),
    ...textAt(words, 'password', 'password'),
    ...textAt(words, 'dbname', 'database'),
    application_name: words.get('application_name') ?? process.env['PGAPPNAME'] ?? 'cannectors',
    options: optionsOf(words),
    keepAlive: true,
    enableChannelBinding: words.get('channel_binding') === 'require',
    ...(timeout > 0 && { connectionTimeoutMillis: timeout * 1000 }),
  };
  return { config, tls: host?.startsWith('/') === true ? [false] : tlsOf(mode, words) };
}

/** What stays on this machine is not encrypted unless the server wants it. */
function usualMode(host = process.env['PGHOST'] ?? 'localhost'): string {
  return /^(?:localhost|127\.[\d.]+|::1)$/.test(host) ? 'allow' : 'prefer';
}

type Words = ReadonlyMap<string, string>;

const urlParts =
  /^\w+:\/\/(?:(?<login>[^/?#]*)@)?(?<place>[^/?#@]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>.*))?$/s;

function wordsOfUrl(text: string): Words {
  const parts = urlParts.exec(text)?.groups;
  if (parts === undefined) throw badAddress('postgres', 'is no URL');
  const { login = '', place = '', database = '', query = '' } = parts;
  const [, host = '', port = ''] = /^(\[.*\]|[^:]*)(?::(.*))?$/s.exec(place) ?? [];
  if (place.includes(',')) throw badAddress('postgres', 'names several hosts');
  const colon = login.indexOf(':');
  const words = new Map<string, string>();
  set('user', colon < 0 ? login : login.slice(0, colon));
  set('password', colon < 0 ? '' : login.slice(colon + 1));
  set('host', host.replace(/^\[(.*)\]$/s, '$1'));
  set('port', port);
  set('dbname', database);
  for (const pair of query.split('&')) {
    const [name = '', ...value] = pair.split('=');
    set(wordOf(decoded(name)), value.join('='));
  }
  return words;

  function set(name: string, value: string): void {
    if (name !== '' && value !== '') words.set(name, decoded(value));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badAddress('postgres', 'has a `%` that no two hexadecimal digits follow');
  }
}

function wordsOfPairs(text: string): Words {
  const words = new Map<string, string>();
  const pair = /\s*([a-z_][\w.]*)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/giy;
  while (pair.lastIndex < text.trimEnd().length) {
    const [, name = '', quoted, plain = ''] = pair.exec(text) ?? [];
    if (name === '') throw badAddress('postgres', 'is neither a URL nor a list of `name=value`');
    words.set(wordOf(name), (quoted ?? plain).replace(/\\(.)/gs, '$1'));
  }
  return words;
}

/** Other words of the same meaning. */
function wordOf(name: string): string {
  if (name === 'database' || name === 'db') return 'dbname';
  return name === 'username' ? 'user' : name;
}

function textAt<Key extends string>(words: Words, word: string, key: Key): { [K in Key]?: string } {
  const value = words.get(word);
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
}

function numberAt(words: Words, word: 'port'): { port?: number } {
  const value = words.get(word);
  if (value === undefined) return {};
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw badAddress('postgres', `has a \`${word}\` that is no number up to 65535`);
  }
  return { [word]: Number(value) };
}

function tlsOf(mode: string, words: Words): PostgresAddress['tls'] {
  const file = (word: string) => {
    const path = words.get(word);
    return path === undefined || path === 'system' ? undefined : read(path, word);
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const verified: ConnectionOptions = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const encrypted = { ...verified, rejectUnauthorized: false };
  const ofAnyName = { ...verified, checkServerIdentity: () => undefined };

  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, encrypted];
    case 'prefer':
      return [encrypted, false];
    case 'require':
      return [ca === undefined ? encrypted : ofAnyName];
    case 'verify-ca':
      return [ofAnyName];
    case 'verify-full':
      return [verified];
    default:
      throw badAddress('postgres', `has an unknown \`sslmode\`, ${JSON.stringify(mode)}`);
  }
}

function read(path: string, word: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badAddress('postgres', `names in \`${word}\` a file that cannot be read`, error);
  }
}

/** Words with a meaning here, and those that change nothing for us. All others are the server's. */
const ours =
  /^(?:host|hostaddr|port|user|password|dbname|sslmode|sslrootcert|sslcert|sslkey|connect_timeout|application_name|options|channel_binding|client_encoding|fallback_application_name|keepalives\w*|tcp_user_timeout|gssencmode|krbsrvname|target_session_attrs|load_balance_hosts|pool_\w+|\w+_cache_capacity|default_query_exec_mode|prefer_simple_protocol)$/;

function optionsOf(words: Words): string {
  const settings = [...words]
    .filter(([name]) => !ours.test(name))
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, String.raw`\$&`)}`);
  return [words.get('options') ?? '', ...settings].join(' ').trim();
}
