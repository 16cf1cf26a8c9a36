import { connections } from './connections.ts';
import { decode } from './decode.ts';
import { type BodyLimit, type Exchange, exchange, type Received } from './exchange.ts';
import { tooManyRedirects } from './faults.ts';
import { redirected, type RedirectRules } from './redirect.ts';
import { watch } from './watch.ts';

// Everything that loads a network library is behind this file, which is imported with the first
// request: checking a pipeline loads none of it.

/** Sends requests and gives answers, whatever their status. */
export interface Transport {
  /** @throws a fault with the category `network`, or one that names what must not be done */
  fetch(request: Exchange, limitOf: LimitOf, signal: AbortSignal): Promise<Received>;
  /** Ends all connections. May be called twice. */
  close(): Promise<void>;
}

export type LimitOf = (status: number) => BodyLimit;

export interface TransportOptions extends RedirectRules {
  readonly timeoutMs: number;
  readonly limit: number | undefined;
}

const maxRedirects = 10;

export function transport(options: TransportOptions): Transport {
  const lines = connections(options);
  const watched = watch(options.timeoutMs);

  return {
    async fetch(request, limitOf, signal) {
      const running = watched.start(signal);
      try {
        let hop = request;
        for (let count = 0; ; count++) {
          if (running.fault !== undefined) throw running.fault;
          const line = lines.to(hop.target, hop.isGuarded);
          const received = await exchange(line, hop, running, limitOf, (failed) =>
            lines.abandon(failed),
          );
          const next = redirected(hop, received, request, options);
          if (next === undefined) {
            const isPacked = received.headers['content-encoding'] !== undefined;
            return isPacked ? await decode(received, limitOf(received.status)) : received;
          }
          if (count === maxRedirects) throw tooManyRedirects(maxRedirects);
          hop = next;
        }
      } finally {
        watched.end(running);
      }
    },
    close: () => lines.close(),
  };
}
