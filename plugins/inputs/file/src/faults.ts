import path from 'node:path';
import { Fault, type Json } from '@cannectors/core';

/** Neither `format` nor the extension of the path says what the file holds. */
export function unknownFormat(file: string): Fault {
  return new Fault('file.unknown-format', `The extension of \`${file}\` names no format.`, {
    category: 'validation',
    hint: 'Set `format` to `ndjson`, `json` or `csv`.',
    pointer: '/path',
  });
}

/** A file without a header needs names for its columns, one with a header has them. */
export function wrongColumns(header: boolean): Fault {
  const message = header
    ? 'The columns are named twice: by the header and by `columns`.'
    : 'Nothing names the columns of a file without a header.';
  return new Fault('file.wrong-columns', message, {
    category: 'validation',
    hint: header ? 'Set `header: false`, or leave `columns` out.' : 'List them in `columns`.',
    pointer: header ? '/csv/columns' : '/csv/header',
  });
}

/** There is no file at the path. */
export function notFound(file: string, cause: unknown): Fault {
  return new Fault('file.not-found', `There is no file \`${file}\`.`, {
    category: 'not_found',
    pointer: '/path',
    cause,
  });
}

/** The system does not let the file be read: no permission, a broken disk. */
export function unreadable(file: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('file.unreadable', `\`${file}\` cannot be read: ${reason}.`, {
    retry: false,
    pointer: '/path',
    cause,
  });
}

/** There is a folder, a pipe or a device at the path. */
export function notAFile(file: string): Fault {
  return new Fault('file.not-a-file', `\`${file}\` is no regular file.`, {
    category: 'validation',
    pointer: '/path',
  });
}

/** The file holds less than was read of it before. Nothing is read again by itself. */
export function shrunk(file: string, size: number, offset: number, unit: string): Fault {
  const message = `\`${file}\` has ${size} ${unit}, but ${offset} were read before.`;
  return new Fault('file.shrunk', message, { category: 'validation', hint: twoWaysOut });
}

/** The place where reading stopped is no longer the start of a line: it is another file now. */
export function replaced(file: string, offset: number): Fault {
  const message = `\`${file}\` was read up to byte ${offset}, where no line begins any more.`;
  return new Fault('file.replaced', message, { category: 'validation', hint: twoWaysOut });
}

const twoWaysOut =
  'Bring the old file back, or delete the state file of the pipeline to read everything again.';

/** A JSON file holds no list where one is looked for. */
export function noList(file: string, dataField: string | undefined, found: string): Fault {
  const where = dataField === undefined ? '' : ` at \`${dataField}\``;
  return new Fault('file.no-list', `\`${file}\` holds no list${where}: found ${found}.`, {
    category: 'validation',
    hint: 'Set `dataField` to the path of the list.',
    pointer: dataField === undefined ? '/path' : '/dataField',
  });
}

/** A JSON file has two lists that could be meant, the better name after the other. */
export function twoLists(file: string, read: string, better: string): Fault {
  const message = `\`${file}\` holds two lists, \`${read}\`, which was read, and \`${better}\`.`;
  return new Fault('file.two-lists', message, {
    category: 'validation',
    hint: 'Set `dataField` to the one that is meant.',
    pointer: '/path',
  });
}

/** What stands around the list of a JSON file is no JSON, or the file ends too early. */
export function notJson(file: string, expected: string, found: string, at: number): Fault {
  const message = `\`${file}\` is not JSON at byte ${at}: expected ${expected}, found ${found}.`;
  return new Fault('file.not-json', message, { category: 'validation', pointer: '/path' });
}

/** The header of a CSV file does not name each column once. */
export function badHeader(file: string, reason: string): Fault {
  return new Fault('file.bad-header', `The header of \`${file}\` names no columns: ${reason}`, {
    category: 'validation',
    hint: 'Mend the first row, or set `header: false` and `columns`.',
    pointer: '/csv/header',
  });
}

/** A line or an element is JSON, but no object. */
export function notAnObject(type: string): Fault {
  return new Fault('file.not-an-object', `Expected a JSON object, got ${type}.`, {
    category: 'validation',
  });
}

/** A row has more or fewer fields than there are columns. */
export function wrongFieldCount(fields: number, columns: number): Fault {
  const message = `Expected ${columns} fields, found ${fields}.`;
  return new Fault('file.wrong-field-count', message, { category: 'validation' });
}

/** The bytes of a record are no UTF-8 text. */
export function notUtf8(): Fault {
  return new Fault('file.not-utf8', 'The text is not UTF-8.', { category: 'validation' });
}

/** A record is larger than the pipeline takes. */
export function recordTooLarge(limit: number): Fault {
  const message = `The record is larger than ${limit} bytes (\`memory.maxRecordBytes\`).`;
  return new Fault('file.record-too-large', message, { category: 'validation' });
}

/** Where a record stands in its file: a line, from 1, or an element of the list, from 0. */
export type Place = { readonly line: number } | { readonly index: number };

/** The fault of a record that cannot be read, with the place where it stands. Keeps the code. */
export function atPlace(file: string, place: Place, { code, message, category }: Fault): Fault {
  const where = 'line' in place ? `line ${place.line}` : `element ${place.index} (from 0)`;
  const details: Record<string, Json> = { file, ...place };
  return new Fault(code, `${path.basename(file)}, ${where}: ${message}`, { category, details });
}
