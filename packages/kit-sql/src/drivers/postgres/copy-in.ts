import { Buffer } from 'node:buffer';
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
          sendChunk(connection, chunk);
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

/** `pg` would copy the text twice on its way. */
function sendChunk({ stream }: Wire, chunk: string): void {
  const bytes = Buffer.from(chunk);
  const head = Buffer.allocUnsafe(5);
  head[0] = copyData;
  // The length counts itself.
  head.writeUInt32BE(bytes.length + 4, 1);
  stream.cork();
  stream.write(head);
  stream.write(bytes);
  stream.uncork();
}

/** The letter of the message, `d`. */
const copyData = 0x64;

/** Waits until the connection takes more, or is gone. */
function drained({ stream }: Wire): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
