import type { Context, JsonRecord, Output, TextStream } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import type { Config } from './config.ts';
import { closedPipe, unprintable } from './faults.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';
import { view } from './view.ts';

/** Characters that are written at once. */
const pieceLength = 64 * 1024;

/** Width of a terminal that does not tell. */
const usualWidth = 80;

/** Lines of a preview. */
const previewLines = 10;

/** Gives the lines of a batch. */
type Printer = (records: readonly JsonRecord[]) => Iterable<string>;

/** Prints records on stdout. */
export function console(config: Config, { stdout }: Context): Output {
  const isTerminal = stdout.isTTY === true;
  const format = config.format ?? (isTerminal ? 'table' : 'ndjson');
  const shown = view(config.fields);
  const printer = (): Printer => {
    const rows = table(shown.names);
    if (format === 'table') return (records) => rows.lines(records, widthOf(stdout));
    return format === 'json' ? list : lines;
  };
  const print = printer();

  return {
    stdout: true,
    async write({ items }, signal) {
      const records = items.map(({ record }) => shown.of(record));
      if (records.length === 0) return;
      for (const piece of pieces(print(records))) {
        signal.throwIfAborted();
        await written(stdout, isTerminal && format !== 'table' ? safe(piece) : piece);
      }
    },
    preview({ items }) {
      const records = items.slice(0, previewLines).map(({ record }) => shown.of(record));
      const text = [...printer()(records)].join('\n');
      return [
        {
          kind: 'text',
          title: `Print as ${format}`,
          record_count: items.length,
          detail: text.split('\n').slice(0, previewLines).join('\n'),
        },
      ];
    },
  };
}

function* lines(records: readonly JsonRecord[]): Iterable<string> {
  for (const record of records) yield jsonText(record);
}

/** One indented list: a JSON document for each batch. */
function* list(records: readonly JsonRecord[]): Iterable<string> {
  yield '[';
  for (const [index, record] of records.entries()) {
    const comma = index < records.length - 1 ? ',' : '';
    yield `  ${jsonText(record, 2).replaceAll('\n', '\n  ')}${comma}`;
  }
  yield ']';
}

function* pieces(all: Iterable<string>): Iterable<string> {
  let piece = '';
  for (const line of all) {
    piece += `${line}\n`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Line breaks are ours; what else a terminal would obey stands in strings, where JSON may escape it. */
function safe(json: string): string {
  return json.split('\n').map(printable).join('\n');
}

function widthOf({ isTTY, columns }: TextStream): number {
  return isTTY === true ? (columns ?? usualWidth) : Infinity;
}

/** Waits until the text is taken, so that a slow reader slows the pipeline. */
async function written(stdout: TextStream, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stdout.write(text, (error) => {
    if (error == null) resolve();
    else reject(isClosed(error) ? closedPipe(error) : unprintable(error));
  });
  await promise;
}

function isClosed(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
