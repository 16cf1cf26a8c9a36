import type { DriverSettings } from './driver.ts';

/** Something that is costly to open: a connection. */
export interface Pooled {
  /** It can be used. */
  isWell(): boolean;
  close(): void;
}

export interface Pool<Resource> {
  /** Lends one; waits while all are taken. @throws the reason of `signal`, and what `open` throws */
  take(signal: AbortSignal): Promise<Resource>;
  /** Gives one back. One that is not well, or too old, is closed. */
  give(resource: Resource): void;
  /** Closes those that nobody uses, now, and the others when they are given back. */
  close(): void;
}

type Limits = Pick<
  DriverSettings,
  'maxOpenConns' | 'maxIdleConns' | 'connMaxLifetimeSeconds' | 'connMaxIdleTimeSeconds'
>;

interface Idle<Resource> {
  readonly resource: Resource;
  readonly since: number;
}

/** No timer of Node.js lasts longer. */
const longestMs = 2 ** 31 - 1;

/** Counts connections, and keeps some of them open for the next one who needs one. */
export function pool<Resource extends Pooled>(
  open: (signal: AbortSignal) => Promise<Resource>,
  limits: Limits,
): Pool<Resource> {
  const idle: Idle<Resource>[] = [];
  const opened = new Map<Resource, number>();
  const waiting: (() => void)[] = [];
  let count = 0;
  let isClosed = false;
  let sweep: NodeJS.Timeout | undefined;

  return {
    async take(signal) {
      for (;;) {
        if (signal.aborted) {
          waiting.shift()?.();
          throw signal.reason as Error;
        }
        if (isClosed) throw new Error('bad connection: the database was closed');
        const found = reuse();
        if (found !== undefined) return found;
        if (count < limits.maxOpenConns) return opening(signal);
        await turn(signal);
      }
    },
    give(resource) {
      if (isClosed || !isFresh(resource)) drop(resource);
      else idle.push({ resource, since: Date.now() });
      dropIdle();
      waiting.shift()?.();
    },
    close() {
      isClosed = true;
      clearTimeout(sweep);
      for (const { resource } of idle.splice(0)) drop(resource);
      for (const go of waiting.splice(0)) go();
    },
  };

  /** The one that was used last: the others may grow old. */
  function reuse(): Resource | undefined {
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      if (isFresh(last.resource)) return last.resource;
      drop(last.resource);
    }
    return undefined;
  }

  async function opening(signal: AbortSignal): Promise<Resource> {
    count++;
    try {
      const resource = await open(signal);
      opened.set(resource, Date.now());
      return resource;
    } catch (error) {
      count--;
      waiting.shift()?.();
      throw error;
    }
  }

  /** Waits until somebody gives one back. */
  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  function isFresh(resource: Resource): boolean {
    const age = Date.now() - (opened.get(resource) ?? 0);
    return resource.isWell() && age < limits.connMaxLifetimeSeconds * 1000;
  }

  function drop(resource: Resource): void {
    if (opened.delete(resource)) count--;
    resource.close();
  }

  /** Closes those that are too many or were idle for too long, and looks again when the next one is. */
  function dropIdle(): void {
    clearTimeout(sweep);
    const maxIdleMs = limits.connMaxIdleTimeSeconds * 1000;
    const oldest = Date.now() - maxIdleMs;
    while (idle.length > 0) {
      const [first] = idle;
      if (first === undefined) return;
      if (idle.length <= limits.maxIdleConns && first.since > oldest) {
        sweep = setTimeout(dropIdle, Math.min(first.since - oldest, longestMs)).unref();
        return;
      }
      idle.shift();
      drop(first.resource);
    }
  }
}
