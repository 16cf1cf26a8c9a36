import { cancelled, type Failed, sqlFault, timedOut } from '../../faults.ts';
import type { Client } from './wire.ts';

/** Runs work on a connection, bounded by time and by a signal. */
export interface Bounded {
  <Result>(
    failed: Failed,
    signal: AbortSignal,
    work: (progress: () => void) => Promise<Result>,
  ): Promise<Result>;
  /** The connection is gone. */
  isLost(): boolean;
  /** Looks after the connection no longer. */
  end(): void;
}

/** Milliseconds that a server has to obey, before the connection is given up. */
const graceMs = 2000;

/**
 * Bounds what a connection does. Work that takes longer than `timeoutMs` without progress, or is aborted,
 * is cancelled on the server, so that the connection lives on. One whose server doesn't answer any more is
 * closed.
 */
export function bounded(
  client: Client,
  cancel: (client: Client) => Promise<void>,
  timeoutMs: number,
): Bounded {
  let lost: Error | undefined;
  const onError = (error: Error): void => {
    lost ??= error;
  };
  client.on('error', onError);

  return Object.assign(run, {
    isLost: () => lost !== undefined,
    end: () => void client.off('error', onError),
  });

  async function run<Result>(
    failed: Failed,
    signal: AbortSignal,
    work: (progress: () => void) => Promise<Result>,
  ): Promise<Result> {
    if (signal.aborted) throw cancelled(signal.reason);
    if (lost !== undefined) throw sqlFault(lost, failed);
    let stopped: Error | undefined;
    let cancelling: Promise<unknown> = Promise.resolve();
    let grace: NodeJS.Timeout | undefined;

    const stop = (fault: Error): void => {
      stopped = fault;
      cancelling = Promise.all([cancelling, cancel(client)]);
      grace ??= setTimeout(() => client.connection.stream.destroy(), graceMs);
    };
    const onAbort = (): void => stop(cancelled(signal.reason));
    const timer = setTimeout(() => stop(timedOut(timeoutMs, failed)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    /** The server answers, so that what comes next has its own time. */
    const progress = (): void => {
      if (signal.aborted) return;
      clearTimeout(grace);
      [stopped, grace] = [undefined, undefined];
      timer.refresh();
    };

    try {
      return await work(progress);
    } catch (error) {
      throw stopped ?? sqlFault(error, failed);
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
      // A request that arrives late would hit the next statement.
      await cancelling;
    }
  }
}
