import { badHost } from './faults.ts';
import type { Target } from './target.ts';

/** Tells whether the author of a pipeline allows that data or a redirect leads to a server. */
export type IsAllowed = (target: Target) => boolean;

/**
 * Compiles `allowedHosts`: `api.example.com`, with any port, or `api.example.com:8443`. An IPv6
 * address stands in brackets.
 *
 * @throws `http.bad-host` for an entry that is no host
 */
export function allowedHosts(hosts: readonly string[] = []): IsAllowed {
  const anyPort = new Set<string>();
  const onePort = new Set<string>();
  for (const [index, entry] of hosts.entries()) {
    // The value of an environment reference is not known while a file is only checked.
    if (entry.includes('${')) continue;
    const match = /^(\[[^\]]+\]|[^:/?#@\\\s]+)(?::(\d{1,5}))?$/.exec(entry);
    if (match?.[1] === undefined || !URL.canParse(`http://${match[1]}`)) {
      throw badHost(entry, `/allowedHosts/${index}`);
    }
    const host = new URL(`http://${match[1]}`).hostname.replace(/^\[(.*)\]$/, '$1');
    if (match[2] === undefined) anyPort.add(host);
    else onePort.add(`${host}:${Number(match[2])}`);
  }
  return ({ host, port }) => anyPort.has(host) || onePort.has(`${host}:${port}`);
}
