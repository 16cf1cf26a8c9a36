import { Fault } from '@cannectors/core';
import { reasonOf } from '../reason-of.ts';
import type { Holder } from './lock.ts';

/** The state file is there and cannot be used. A missing one is a first run. */
export function unreadableState(file: string, cause: unknown): Fault {
  return new Fault(
    'state.unreadable',
    `The state file \`${file}\` cannot be read: ${reasonOf(cause)}. Repair it, or delete it for a full re-sync.`,
    { category: 'validation', cause },
  );
}

/** The state folder cannot be made or written. */
export function unwritableState(folder: string, cause: unknown): Fault {
  return new Fault(
    'state.unwritable',
    `The state folder \`${folder}\` cannot be written: ${reasonOf(cause)}.`,
    { hint: 'Make it writable, or set `statePersistence.storagePath`.', cause },
  );
}

/** What was to be saved is not what a state file holds. */
export function notAState(file: string, cause: unknown): Fault {
  return new Fault(
    'state.not-a-state',
    `This is no content for the state file \`${file}\`: ${reasonOf(cause)}.`,
    {
      category: 'validation',
      hint: 'Write an object as in `{"id": 4821, "timestamp": "2026-04-21T12:34:56Z"}`.',
    },
  );
}

/** Another process runs the pipeline. */
export function locked(pipeline: string, file: string, holder: Holder | undefined): Fault {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid} on ${holder.host.split(' ')[0]}, since ${holder.since}`;
  return new Fault(
    'state.locked',
    `The pipeline \`${pipeline}\` is held by ${who} (\`${file}\`).`,
    {
      hint: 'Stop that process, or give this pipeline another name or `storagePath`.',
    },
  );
}

/** Another process has taken the pipeline over while this one did not answer. */
export function lockLost(pipeline: string, file: string, holder: Holder | undefined): Fault {
  const who =
    holder === undefined ? 'nobody' : `process ${holder.pid} on ${holder.host.split(' ')[0]}`;
  return new Fault(
    'state.lock-lost',
    `The lock of the pipeline \`${pipeline}\` is now held by ${who} (\`${file}\`).`,
    {
      retry: false,
      hint: 'Start the pipeline again; nothing was saved by this process since.',
    },
  );
}
