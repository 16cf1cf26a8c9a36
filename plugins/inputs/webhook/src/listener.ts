import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailed, pathTaken } from './faults.ts';
import { type quietLog } from './quiet-log.ts';
import { refusals } from './refusal.ts';
import { refuse } from './visit.ts';

/** Answers the requests to one path. `query` is what follows the `?`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, query: string) => void;

/** What a pipeline wants to hear of a listener. */
export interface Wish {
  readonly pipeline: string;
  readonly host: string;
  readonly port: number;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Longest time for the head of a request. */
  readonly headTimeoutMs: number;
  readonly say: ReturnType<typeof quietLog>;
}

/** A place at a listener. */
export interface Seat {
  /** Where it really listens: `host:port`. */
  readonly address: string;
  /** Gives the paths back. The last one that leaves ends the listener. */
  leave(): Promise<void>;
}

interface Listener {
  readonly server: Server;
  readonly address: string;
  readonly wishes: Set<Wish>;
  readonly routes: Map<string, Handler>;
}

/** The listeners of this process, by the address that they were asked for. */
const listeners = new Map<string, Promise<Listener>>();
/** How long answers that are under way may take when a listener ends. */
const farewellMs = 2000;

/**
 * Takes a place at the listener for an address; makes it, if this pipeline is the first.
 *
 * @throws `webhook.listen-failed`, `webhook.path-taken`
 */
export async function takeSeat(wish: Wish): Promise<Seat> {
  const key = `${wish.host}:${wish.port}`;
  const isShared = wish.port !== 0;
  const found = isShared ? listeners.get(key) : undefined;
  const listening = found ?? listen(wish, key);
  if (isShared && found === undefined) {
    listeners.set(key, listening);
    listening.catch(() => listeners.delete(key));
  }
  const listener = await listening;
  join(listener, wish);

  let hasLeft = false;
  return {
    address: listener.address,
    async leave() {
      if (hasLeft) return;
      hasLeft = true;
      const { wishes, routes, server } = listener;
      wishes.delete(wish);
      for (const path of wish.handlers.keys()) routes.delete(path);
      if (wishes.size > 0) return;
      if (isShared) listeners.delete(key);
      await end(server);
    },
  };
}

function join({ wishes, routes, server, address }: Listener, wish: Wish): void {
  for (const path of wish.handlers.keys()) {
    const owner = [...wishes].find(({ handlers }) => handlers.has(path));
    if (owner !== undefined) throw pathTaken(path, address, owner.pipeline);
  }
  wishes.add(wish);
  for (const [path, handler] of wish.handlers) routes.set(path, handler);
  server.headersTimeout = Math.max(...[...wishes].map(({ headTimeoutMs }) => headTimeoutMs));
}

async function listen({ host, port, say }: Wish, key: string): Promise<Listener> {
  const routes = new Map<string, Handler>();
  // A request is timed from its head on by whoever answers it.
  const server = createServer({ requestTimeout: 0, connectionsCheckingInterval: 500 });
  server.on('request', (request, response) => {
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const handler = routes.get(path);
    const query = mark === -1 ? '' : url.slice(mark);
    if (handler !== undefined) return handler(request, response, query);
    const { level, message } = refusals.notFound;
    say(level, message, { method: request.method });
    refuse(request, response, refusals.notFound);
  });

  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw listenFailed(key, error);
  }
  server.off('error', reject);
  const { port: actual } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return { server, address: `${shown}:${actual}`, wishes: new Set(), routes };
}

/** Lets the answers out that are under way, then ends what is left. */
async function end(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), farewellMs);
  await promise;
  clearTimeout(timer);
}
