import path from 'node:path';
import type { Config } from './config.ts';

export type Format = NonNullable<Config['format']>;

const byExtension: ReadonlyMap<string, Format> = new Map([
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.csv', 'csv'],
]);

/** How a file is written: as the config says, else by the extension. `undefined`: neither tells. */
export function formatOf({ format, path: file }: Config): Format | undefined {
  return format ?? byExtension.get(path.extname(file).toLowerCase());
}
