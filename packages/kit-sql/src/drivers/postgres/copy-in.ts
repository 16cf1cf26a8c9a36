import { once } from 'node:events';
import { type Client, exchange, type Wire, whenReady } from './wire.ts';

/**
 * Sends texts to `COPY … FROM STDIN`, as fast as the server takes them.
 *
 * @param chunks in the text format of `COPY`; the larger, the cheaper
 * @param progress called for each chunk
 * @see PostgreSQL, section 55.2.6
 */
export function copyIn(
  client: Client,
  command: string,
  chunks: Iterable<string>,
  progress: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { connection } = client;
    let failure: Error | undefined;

    client.query(
      exchange({
        submit: () => connection.query(command),
        handleCopyInResponse: () => void pump(),
        handleError(error) {
          failure ??= error;
          whenReady(connection, () => reject(failure));
        },
        handleReadyForQuery: () => resolve(),
      }),
    );

    /** Sends the chunks, unless the server has refused one meanwhile: it reads over what still comes. */
    async function pump(): Promise<void> {
      try {
        for (const chunk of chunks) {
          connection.sendCopyFromChunk(Buffer.from(chunk));
          progress();
          if (connection.stream.writableNeedDrain) await drained(connection);
          if (failure !== undefined) return;
        }
        connection.endCopyFrom();
      } catch (error) {
        // A value could not be written. The server ends the command with an error.
        failure = error as Error;
        connection.sendCopyFail('a value cannot be written');
      }
    }
  });
}

/** Waits until the connection takes more, or is gone. */
async function drained({ stream }: Wire): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([
    once(stream, 'drain', { signal }),
    once(stream, 'close', { signal }),
  ]).finally(() => done.abort());
}
