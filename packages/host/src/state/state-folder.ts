import path from 'node:path';
import type { Pipeline } from '@cannectors/config';

/** Where a pipeline keeps what outlives a run. */
export interface StateFolder {
  /** Absolute path. */
  readonly folder: string;
  /** The document names it. */
  readonly isNamed: boolean;
  /** Absolute path of a file of the pipeline: its name, escaped, and an ending as in `.json`. */
  file(ending: string): string;
}

/**
 * Finds the state folder of a pipeline: `statePersistence.storagePath` of its input, relative to the
 * working folder, else `storage`, else `./.cannectors-state`.
 *
 * @see spec/connectors/state.md, section 1
 */
export function stateFolder(pipeline: Pipeline, storage = './.cannectors-state'): StateFolder {
  const named = persistenceOf(pipeline)?.['storagePath'];
  const folder = path.resolve(typeof named === 'string' ? named : storage);
  return {
    folder,
    isNamed: typeof named === 'string',
    file: (ending) => path.join(folder, fileNameOf(pipeline.name) + ending),
  };
}

/** Tells whether the input saves cursors: one of them is enabled. */
export function isPersistent(pipeline: Pipeline): boolean {
  return Object.values(persistenceOf(pipeline) ?? {}).some(
    (cursor) => isRecord(cursor) && cursor['enabled'] === true,
  );
}

/**
 * A name as a file name: `/`, `\`, `%`, control characters and a leading dot are percent-encoded, so
 * two names never share a file.
 */
export function fileNameOf(name: string): string {
  return name.replace(/[/\\%\p{Cc}]/gu, encodeURIComponent).replace(/^\./, '%2E');
}

function persistenceOf(pipeline: Pipeline): Record<string, unknown> | undefined {
  const persistence: unknown = pipeline.input.config['statePersistence'];
  return isRecord(persistence) ? persistence : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
