import { badUrl } from './faults.ts';
import { partsOf } from './url.ts';

/** Where a request goes and what it asks for there. */
export interface Target {
  /** `https://api.example.com:8443`, in the normal form: lower case, no default port. */
  readonly origin: string;
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  /** As it was given, or the default of the scheme. */
  readonly port: number;
  readonly isSecure: boolean;
  /** Path and query as they are sent. */
  readonly path: string;
  /** User and password of the address, decoded. */
  readonly userInfo: string | undefined;
}

/**
 * Finds out where a URL leads.
 *
 * Path and query stay as they were written; only what cannot be sent in a request line (blanks and
 * characters beyond ASCII) is percent-encoded. A fragment is not sent.
 *
 * @throws `http.bad-url` when it is no absolute http or https address with a host
 */
export function targetOf(url: string): Target {
  const { origin, path, query } = partsOf(url);
  return { ...serverOf(origin, url), path: wirePath((path === '' ? '/' : path) + query, url) };
}

/**
 * Makes a `targetOf` that remembers the last server: nearly all requests of a module go to one, and
 * parsing its address costs as much as all the rest.
 */
export function targetReader(): (url: string) => Target {
  let text: string | undefined;
  let server: Server | undefined;

  return (url) => {
    const { origin, path, query } = partsOf(url);
    if (server === undefined || text !== origin) {
      server = serverOf(origin, url);
      text = origin;
    }
    const { host, port, isSecure, userInfo } = server;
    const wire = wirePath((path === '' ? '/' : path) + query, url);
    return { origin: server.origin, host, port, isSecure, path: wire, userInfo };
  };
}

/** Tells whether two addresses are the same host and port; a step up from http to https may change the port. */
export function isSameHost(a: Target, b: Target): boolean {
  if (a.host !== b.host) return false;
  const isUpgrade = a.port === 80 && b.port === 443 && b.isSecure;
  return a.port === b.port || isUpgrade;
}

type Server = Omit<Target, 'path'>;

function serverOf(text: string, url: string): Server {
  if (!/^https?:\/\//i.test(text)) throw badUrl(url, 'is not an absolute http or https address');
  // A URL parser reads `\` as `/` and drops line breaks, so it would see another host than we do.
  const parsed = /[\\\s]/.test(text) || !URL.canParse(text) ? undefined : new URL(text);
  if (parsed === undefined || parsed.hostname === '') throw badUrl(url, 'has no usable host');

  const isSecure = parsed.protocol === 'https:';
  const { username, password } = parsed;
  return {
    origin: parsed.origin,
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? (isSecure ? 443 : 80) : Number(parsed.port),
    isSecure,
    userInfo: username + password === '' ? undefined : `${decoded(username)}:${decoded(password)}`,
  };
}

function wirePath(path: string, url: string): string {
  if (/^[\x21-\x7e]*$/.test(path)) return path;
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(path)) throw badUrl(url, 'holds a control character');
  return path.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
