import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Json, JsonRecord } from '@cannectors/core';
import { parse } from 'yaml';

/**
 * A file of a plugin's `examples/`: a test and documentation at once.
 *
 * Of a filter `given` and `then` are lists of records. Of an input `given` is what the source holds,
 * as its driver understands it, and `then` the records that are read; of an output `given` is the
 * records and `then` what arrives, as its driver tells it.
 */
export interface PluginExample {
  /** Name of the file, without its ending. */
  readonly file: string;
  readonly title: string;
  readonly description?: string;
  readonly config: JsonRecord;
  readonly given?: Json;
  readonly then?: Json;
}

const keys = ['title', 'description', 'config', 'given', 'then'];

/** Reads the examples of a package, in the order of their names. @throws an Error naming the file */
export function examplesIn(folder: string): PluginExample[] {
  return globSync('examples/*.yaml', { cwd: folder })
    .toSorted()
    .map((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const example = parse(text, { intAsBigInt: false }) as JsonRecord | null;
      const problem = problemOf(example);
      if (problem !== undefined) throw new Error(`${file}: ${problem}`);
      return { config: {}, ...example, file: path.parse(file).name } as unknown as PluginExample;
    });
}

function problemOf(example: JsonRecord | null): string | undefined {
  if (typeof example !== 'object' || example === null) return 'an example is a mapping.';
  const unknown = Object.keys(example).filter((key) => !keys.includes(key));
  if (unknown.length > 0) return `an example has ${keys.join(', ')}; not ${unknown.join(', ')}.`;
  if (typeof example['title'] !== 'string') return 'an example has a `title`.';
  return undefined;
}
