import { open, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Pipeline } from '@cannectors/config';
import type { JsonRecord, Log } from '@cannectors/core';
import type { CheckpointStore } from '@cannectors/core/run';
import { codeOf } from '../error-code.ts';
import { makeFolder, type WriteFailpoint, writeWhole } from '../whole-file.ts';
import { notAState, unreadableState, unwritableState } from './faults.ts';
import type { Lock } from './lock.ts';
import { fileNameOf, isPersistent, type StateFolder, stateFolder } from './state-folder.ts';
import { checkedState, stateOf, stateText } from './state-text.ts';

/** Where pipelines keep their checkpoints. The default is `fileStore`. */
export interface StateStore {
  of(pipeline: Pipeline, options: PipelineStoreOptions): PipelineStore;
}

export interface PipelineStoreOptions {
  readonly log: Log;
  /** Nothing is written: no lock, no folder, no checkpoint. */
  readonly dryRun: boolean;
}

/** The checkpoint of one pipeline, and the right to be the only process that runs it. */
export interface PipelineStore extends CheckpointStore {
  /**
   * Takes the pipeline for this process; a second call does nothing.
   *
   * @throws `state.locked`, naming the process that has it; `state.unwritable`
   */
  lock(signal?: AbortSignal): Promise<void>;
  /** When the checkpoint was last saved; `undefined` if it never was. */
  savedAt(): Promise<Date | undefined>;
  /** Gives the lock back. May be called twice. */
  close(): Promise<void>;
}

export interface FileStoreOptions {
  /** Folder of the pipelines that name none. Default `./.cannectors-state`. */
  readonly storage?: string;
  readonly failpoint?: (name: WriteFailpoint) => unknown;
}

/**
 * Keeps each checkpoint in a file of its own, `<name>.json` in the state folder of the pipeline, and
 * `<name>.lock` beside it (D5).
 *
 * @see spec/connectors/state.md, section 2
 */
export function fileStore({ storage, failpoint }: FileStoreOptions = {}): StateStore {
  return {
    of(pipeline, { log, dryRun }) {
      const place = stateFolder(pipeline, storage);
      const file = place.file('.json');
      let held: Lock | undefined;

      const lock = async (signal?: AbortSignal): Promise<void> => {
        held ??= dryRun ? undefined : await lockOf(pipeline, place, signal);
      };

      return {
        lock,
        savedAt: () => savedAt(file),
        async load() {
          if (!dryRun && isPersistent(pipeline)) await checkWritable(place);
          return (await readState(file)) ?? (await readOlder(pipeline, place, log));
        },
        async save(checkpoint) {
          const text = stateText(checked(checkpoint, file));
          // An input that did not say that it saves positions gets its lock here.
          await lock();
          await held?.check();
          await writeWhole(file, text, failpoint);
        },
        async close() {
          await held?.release();
          held = undefined;
        },
      };
    },
  };
}

/** The state file of a pipeline, for a person who looks at it or edits it. */
export interface StateFile {
  /** Absolute path. */
  readonly path: string;
  /** What the next run would start from; `undefined` if it would be the first. */
  read(): Promise<JsonRecord | undefined>;
  /**
   * Replaces the content.
   *
   * @throws `state.not-a-state`, and `state.locked` while a process runs the pipeline
   */
  write(content: unknown): Promise<void>;
  /** Makes the next run the first. @throws `state.locked` while a process runs the pipeline */
  clear(): Promise<void>;
}

/** Opens the state file of a pipeline, which need not be there. */
export function stateFile(
  pipeline: Pipeline,
  { storage }: Pick<FileStoreOptions, 'storage'> = {},
): StateFile {
  const place = stateFolder(pipeline, storage);
  const file = place.file('.json');
  const older = () => readOlder(pipeline, place);

  const alone = async (task: () => Promise<void>): Promise<void> => {
    const lock = await lockOf(pipeline, place);
    try {
      await task();
    } finally {
      await lock.release();
    }
  };

  return {
    path: file,
    read: async () => (await readState(file)) ?? (await older()),
    async write(content) {
      const text = stateText(checked(content, file));
      await alone(() => writeWhole(file, text));
    },
    async clear() {
      // Without the file, one of an earlier name would be found again.
      const isShadowing = (await older()) !== undefined;
      await alone(() =>
        isShadowing ? writeWhole(file, stateText({})) : rm(file, { force: true }),
      );
    },
  };
}

/** @throws `state.locked`, `state.unwritable` */
async function lockOf(pipeline: Pipeline, place: StateFolder, signal?: AbortSignal): Promise<Lock> {
  await checkWritable(place);
  const { takeLock } = await import('./lock.ts'); // `validate` takes none.
  return await takeLock({
    file: place.file('.lock'),
    pipeline: pipeline.name,
    ...(signal !== undefined && { signal }),
  });
}

/** Makes the folder, and proves that a file can be made in it. */
async function checkWritable({ folder }: StateFolder): Promise<void> {
  const probe = path.join(folder, `.${crypto.randomUUID()}.tmp`);
  try {
    await makeFolder(folder);
    await (await open(probe, 'wx', 0o600)).close();
    await rm(probe);
  } catch (error) {
    throw unwritableState(folder, error);
  }
}

async function readState(file: string): Promise<JsonRecord | undefined> {
  try {
    return stateOf(await readFile(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    // G8: never a silent full re-read.
    throw unreadableState(file, error);
  }
}

/** The state under a name of earlier days: the pipeline's id, or where the original kept it. */
async function readOlder(
  pipeline: Pipeline,
  { folder, isNamed }: StateFolder,
  log?: Log,
): Promise<JsonRecord | undefined> {
  const { id, name } = pipeline;
  const places = [
    ...(id === name ? [] : [path.join(folder, `${fileNameOf(id)}.json`)]),
    ...(isNamed ? [] : [path.resolve('cannectors-data', 'state', `${lastSegment(id)}.json`)]),
  ];
  for (const file of places) {
    const state = await readState(file);
    if (state === undefined) continue;
    log?.info('state file of an earlier name found', { file });
    return state;
  }
  return undefined;
}

function lastSegment(id: string): string {
  return fileNameOf(id.split(/[/\\]/).findLast((segment) => segment !== '') ?? id);
}

async function savedAt(file: string): Promise<Date | undefined> {
  try {
    return (await stat(file)).mtime;
  } catch {
    return undefined;
  }
}

function checked(content: unknown, file: string): JsonRecord {
  try {
    return checkedState(content);
  } catch (error) {
    throw notAState(file, error);
  }
}
