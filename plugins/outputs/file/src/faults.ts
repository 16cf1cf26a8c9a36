import { Fault } from '@cannectors/core';

/** Neither `format` nor the extension of the path says how records are written. */
export function unknownFormat(file: string): Fault {
  return new Fault('file.unknown-format', `The extension of \`${file}\` names no format.`, {
    category: 'validation',
    hint: 'Set `format` to `ndjson` or `csv`.',
    pointer: '/path',
  });
}

/** A path holds `{{ }}`, which would become part of the name of the file. */
export function templatedPath(file: string): Fault {
  return new Fault('file.templated-path', `A path is no template: \`${file}\`.`, {
    category: 'validation',
    hint: 'Write a fixed path; `${NAME}` is replaced from the environment.',
    pointer: '/path',
  });
}

/** The system does not let the file be written: no permission, no space, a broken disk. */
export function unwritable(file: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isFull = reason.startsWith('ENOSPC') || reason.startsWith('EDQUOT');
  return new Fault('file.unwritable', `\`${file}\` cannot be written: ${reason}.`, {
    retry: isFull,
    pointer: '/path',
    cause,
  });
}

/** The file ends with a line that this output cannot have written: it is not touched. */
export function foreignEnd(file: string): Fault {
  return new Fault('file.foreign-end', `The last line of \`${file}\` is no record.`, {
    category: 'validation',
    hint: 'Mend the line or end it with a line break, or write to another file.',
    pointer: '/path',
  });
}

/** The file that is appended to begins with another row than the header that it would get. */
export function otherColumns(
  file: string,
  row: string,
  expected: readonly string[] | undefined,
): Fault {
  const wanted = expected === undefined ? 'names of columns' : `\`${expected.join('`, `')}\``;
  const message = `\`${file}\` begins with \`${row.slice(0, 200)}\`; expected ${wanted}.`;
  return new Fault('file.other-columns', message, {
    category: 'validation',
    hint: 'Set `csv.columns` to those of the file, or write to another one.',
    pointer: '/csv/columns',
  });
}

/** A record has a key that is no column of the file. */
export function unknownColumn(key: string): Fault {
  return new Fault('file.unknown-column', `The file has no column for the key \`${key}\`.`, {
    category: 'validation',
    hint: 'List what to write in `csv.columns`.',
  });
}
