import type { IsAllowed } from './allowed-hosts.ts';
import type { Exchange, Received } from './exchange.ts';
import { insecureRedirect } from './faults.ts';
import { isSameHost, targetOf } from './target.ts';

export interface RedirectRules {
  readonly isAllowed: IsAllowed;
  /** Lower-case names of headers that are meant for one host only. */
  readonly ownHeaders: ReadonlySet<string>;
}

/**
 * Gives the request that an answer redirects to; `undefined`: it is the answer.
 *
 * 301, 302 and 303 are followed for GET and HEAD: another method would have to become GET, and what
 * it brought would be lost without a word. 307 and 308 repeat the request as it is. Another host gets
 * no credentials, and its address is checked as one that comes from data.
 *
 * @param home the request that was meant: it may be redirected back to
 * @throws `http.insecure-redirect` from https to http, unless the host is in `allowedHosts`
 * @see RFC 9110, section 15.4
 */
export function redirected(
  request: Exchange,
  { status, headers }: Received,
  home: Exchange,
  { isAllowed, ownHeaders }: RedirectRules,
): Exchange | undefined {
  const location = headers['location'];
  if (typeof location !== 'string' || request.isFinal === true) return undefined;
  if (!isFollowed(status, request.method)) return undefined;

  const from = request.target;
  const target = targetOf(absolute(location, from.origin + from.path));
  const isListed = isAllowed(target);
  if (from.isSecure && !target.isSecure && !isListed) throw insecureRedirect(target.origin);
  if (isSameHost(from, target)) return { ...request, target };
  return {
    ...request,
    target,
    headers: without(request.headers, ownHeaders),
    isGuarded: isSameHost(home.target, target) ? home.isGuarded : !isListed,
  };
}

function isFollowed(status: number, method: string): boolean {
  if (status === 307 || status === 308) return true;
  return status >= 301 && status <= 303 && (method === 'GET' || method === 'HEAD');
}

/** An absolute location stays as it was written. */
function absolute(location: string, base: string): string {
  if (/^https?:\/\//i.test(location)) return location;
  return URL.canParse(location, base) ? new URL(location, base).href : location;
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_text, index) => {
    const name = headers[index - (index % 2)];
    return name === undefined || !names.has(name.toLowerCase());
  });
}
