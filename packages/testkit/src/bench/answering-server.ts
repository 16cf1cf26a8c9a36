import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Answering {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly stop: () => void;
}

/**
 * Starts a server that answers every request with `{"ok":true}`, in a process of its own: it shares no
 * thread with the clients that are compared.
 */
export async function answeringServer({ delayMs = 0 } = {}): Promise<Answering> {
  const child = fork(new URL('server.ts', import.meta.url), [String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [port] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.disconnect() };
}
