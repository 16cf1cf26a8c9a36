import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { recordOf } from './record.ts';

/** Writes records until the file has so many bytes; one a line, or as the elements of a list. */
export async function bigFile(
  path: string,
  bytes: number,
  format: 'ndjson' | 'json',
): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 2 ** 20 });
  let written = 0;
  let id = 0;
  if (format === 'json') file.write('[');
  while (written < bytes) {
    const lines: string[] = [];
    for (let count = 0; count < 1000; count++) lines.push(JSON.stringify(recordOf(id++)));
    const separator = format === 'json' ? ',\n' : '\n';
    const text =
      (format === 'json' && written > 0 ? separator : '') +
      lines.join(separator) +
      (format === 'json' ? '' : '\n');
    written += text.length;
    if (!file.write(text)) await once(file, 'drain');
  }
  if (format === 'json') file.write(']\n');
  file.end();
  await once(file, 'close');
}
