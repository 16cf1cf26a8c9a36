import type { Pipeline } from '@cannectors/config';
import { stateFolder } from '../state/state-folder.ts';
import { type Entry, merged } from './entry.ts';
import { linesOf } from './lines.ts';

/** What the name of a file of dead letters ends with. */
export const ending = '.dead-letters.ndjson';

/** Reads the dead letters of a pipeline, one entry for each id, the oldest first. */
export async function readDeadLetters(pipeline: Pipeline, storage?: string): Promise<Entry[]> {
  const entries = new Map<string, Entry>();
  for await (const entry of linesOf(stateFolder(pipeline, storage).file(ending))) {
    entries.set(entry.id, merged(entries.get(entry.id), entry));
  }
  return [...entries.values()];
}
