import type { JsonRecord } from '@cannectors/core';
import type { Cursor } from './cursor.ts';
import type { RecordReader } from './records.ts';
import { type Client, exchange, whenReady } from './wire.ts';

/**
 * Tells whether `COPY` can read the rows of a statement: it takes no placeholders, and only what
 * begins like a query.
 */
export function canCopy(text: string): boolean {
  return /^(?:\s|--.*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:select|values|table|with)\b/i.test(text);
}

/**
 * Reads the rows of a statement with `COPY`: the server neither stops after each block nor describes
 * each value (bench/postgres-read). While nobody asks for rows nothing is read from the connection, so
 * the server waits.
 *
 * @param cancel makes the server give up the rows that are left
 * @see PostgreSQL, section 55.2.6 and `COPY`
 */
export function copyOut(
  client: Client,
  text: string,
  size: number,
  reader: RecordReader,
  cancel: () => Promise<void>,
): Cursor {
  const { connection } = client;
  const records: JsonRecord[] = [];
  let isSubmitted = false;
  let isUnwanted = false;
  let isOver = false;
  let error: Error | undefined;
  let waiting: (() => void) | undefined;

  const flow = exchange({
    submit() {
      // The line break ends a comment that the statement ends with.
      connection.query(`COPY (${text.replace(/[;\s]+$/, '')}\n) TO STDOUT`);
    },
    handleCopyData({ chunk }) {
      if (isUnwanted) return;
      records.push(reader.record(cellsOf(chunk.toString('utf8', 0, chunk.length - 1))));
      if (records.length < size) return;
      waiting?.();
      if (records.length >= 2 * size) connection.stream.pause();
    },
    handleError(thrown) {
      error = thrown;
      whenReady(connection, end);
    },
    handleReadyForQuery: end,
  });

  return {
    async next() {
      if (!isSubmitted) client.query(flow);
      isSubmitted = true;
      connection.stream.resume();
      if (records.length < size && !isOver) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      // What came before it is given first.
      if (error !== undefined && records.length < size) throw error;
      return records.splice(0, size);
    },
    async close() {
      if (!isSubmitted || isOver) return;
      isUnwanted = true;
      const ended = new Promise<void>((resolve) => {
        waiting = resolve;
      });
      // The server hears of it between two rows, so they have to go on.
      connection.stream.resume();
      await cancel();
      await ended;
    },
  };

  function end(): void {
    isOver = true;
    // The last rows may have come with more than was asked for.
    connection.stream.resume();
    waiting?.();
  }
}

/** Takes a line of the text format apart. */
function cellsOf(line: string): (string | null)[] {
  const cells: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return cells;
  return cells.map((cell) => (cell === String.raw`\N` ? null : unescaped(cell as string)));
}

function unescaped(cell: string): string {
  return cell.includes('\\')
    ? cell.replace(/\\(.)/gs, (_, code: string) => escapes[code] ?? code)
    : cell;
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
