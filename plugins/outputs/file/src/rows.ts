import type { FileHandle } from 'node:fs/promises';
import { fieldsOf, rowScanner, rowText } from '@cannectors/kit-csv';
import { type Columns, columnsByKey, columnsByPath } from './columns.ts';
import type { Config } from './config.ts';
import { otherColumns } from './faults.ts';
import type { Encoder, Layout } from './layout.ts';
import { textAt } from './text-at.ts';

const blockBytes = 1024 * 1024;

/** A longer first row is none of ours, and is not held. */
const maxRowBytes = 16 * 1024 * 1024;

/** CSV: a row for each record, below a header. */
export function rows({ delimiter, header, columns: given }: Config['csv']): Layout {
  const wanted = given === undefined ? undefined : columnsByPath(given);
  const encoder = (known: Columns | undefined): Encoder => {
    let columns = known;
    return {
      head(first) {
        columns ??= first && columnsByKey(Object.keys(first));
        return header && columns !== undefined ? rowText(columns.names, delimiter) : '';
      },
      line(record) {
        columns ??= columnsByKey(Object.keys(record));
        return rowText(columns.fields(record), delimiter);
      },
    };
  };

  return {
    begin: () => encoder(wanted),
    async resume({ path, handle, size }) {
      const { firstEnd, tail } = await scan(handle, size, delimiter);
      const end = firstEnd ?? size;
      const row = await textAt(handle, 0, Math.min(end, maxRowBytes));
      if (end > maxRowBytes) throw otherColumns(path, row, wanted?.names);
      const first = fieldsIn(row, delimiter);
      const expected = rowText(wanted?.names ?? first ?? [], delimiter);
      const isHeader = first !== undefined && rowText(first, delimiter) === expected;
      const isTorn = header && firstEnd === undefined && !isHeader && expected.startsWith(row);
      if (header && !isHeader && !isTorn) throw otherColumns(path, row, wanted?.names);

      return {
        encoder: encoder(header && isHeader ? (wanted ?? columnsByKey(first)) : wanted),
        tail,
        isWhole(text) {
          const fields = fieldsIn(text, delimiter);
          return !isTorn && fields !== undefined && fields.length === (first ?? fields).length;
        },
        // A row without others before it may be anything.
        isOurs: () => tail > 0 || isTorn,
      };
    },
  };
}

/**
 * Finds where the first row ends, and where the last one begins if no line break ends it. The whole
 * file has to be looked at: a quoted field may hold line breaks.
 */
async function scan(
  handle: FileHandle,
  size: number,
  delimiter: string,
): Promise<{ readonly firstEnd: number | undefined; readonly tail: number }> {
  const scanner = rowScanner(delimiter);
  const block = Buffer.allocUnsafe(blockBytes);
  let firstEnd: number | undefined;
  let tail = 0;
  for (let position = 0; position < size;) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    const bytes = block.subarray(0, bytesRead);
    for (let end = scanner.end(bytes, 0); end >= 0; end = scanner.end(bytes, end + 1)) {
      firstEnd ??= position + end;
      tail = position + end + 1;
    }
    if (bytesRead === 0) break;
    position += bytesRead;
  }
  return { firstEnd, tail };
}

function fieldsIn(text: string, delimiter: string): string[] | undefined {
  try {
    return fieldsOf(text, delimiter);
  } catch {
    return undefined;
  }
}
