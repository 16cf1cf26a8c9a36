import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { blockedAddress } from './faults.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { isReserved } from './reserved-address.ts';
import type { Target } from './target.ts';

/** The open connections of a module. */
export interface Connections {
  /**
   * Gives what sends to a server.
   *
   * @param isGuarded the host comes from data: only public addresses are connected to. Through a
   *   proxy, which resolves names itself, that holds for addresses written as numbers.
   * @throws `http.blocked-address`
   */
  to(target: Target, isGuarded: boolean): Dispatcher;
  /** Leaves a connection that cannot be made to itself; the next request tries a new one. */
  abandon(dispatcher: Dispatcher): void;
  /** Ends all of them. May be called twice. */
  close(): Promise<void>;
}

/** One pool for each server, or one agent where the environment names a proxy. */
export function connections(options: {
  /** At most so many to one server; absent: as many as there are requests. */
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}): Connections {
  const open = new Map<string, Dispatcher>();
  const { env } = process;
  const hasProxy = ['http_proxy', 'https_proxy'].some(
    (name) => (env[name] ?? env[name.toUpperCase()] ?? '') !== '',
  );

  return {
    to(target, isGuarded) {
      if (isGuarded && isReserved(target.host)) throw blockedAddress(target.host, target.host);
      const isProxied = hasProxy && !isThisHost(target.host);
      const key = (isGuarded ? 'guarded ' : '') + (isProxied ? 'proxy' : target.origin);
      const known = open.get(key);
      if (known !== undefined) return known;
      const settings = settingsOf(isGuarded);
      const made = isProxied ? new EnvHttpProxyAgent(settings) : new Pool(target.origin, settings);
      open.set(key, made);
      return made;
    },

    abandon(dispatcher) {
      for (const [key, one] of open) {
        if (one === dispatcher) open.delete(key);
      }
      dispatcher.close().catch(() => {});
    },

    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map((one) => one.destroy()));
    },
  };

  function settingsOf(isGuarded: boolean): Pool.Options {
    return {
      ...(options.limit !== undefined && { connections: options.limit }),
      // The watch knows how long an attempt may take as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      connect: {
        timeout: options.timeoutMs,
        // Whatever the environment says: verification cannot be switched off.
        rejectUnauthorized: true,
        ...(isGuarded && { lookup: guardedLookup }),
      },
    };
  }
}

/** A proxy cannot reach it. */
function isThisHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
