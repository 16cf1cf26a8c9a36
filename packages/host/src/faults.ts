import { type Kind, type Manifest, type Module, pathText } from '@cannectors/config';
import { apiVersion, Fault } from '@cannectors/core';
import type { Holder } from './lock.ts';
import type { Package } from './manifest.ts';

/** A `package.json` is there and cannot be read, or is not a JSON object. */
export function brokenPackage(file: string, cause: unknown): Fault {
  return new Fault('plugin.bad-package', `\`${file}\` is not a package.json: ${textOf(cause)}.`, {
    category: 'validation',
    hint: 'Repair the file; the plugins that it declares are not found.',
    cause,
  });
}

/** The `cannectors` block of a package is not a manifest. */
export function brokenManifest({ name, version, file }: Package, expected: string): Fault {
  return new Fault(
    'plugin.bad-manifest',
    `The manifest of \`${name}\` ${version} does not fit: ${expected} (\`${file}\`).`,
    { category: 'validation', hint: 'Tell the author of the package, or remove it.' },
  );
}

/** The schema that a manifest names cannot be read. */
export function brokenSchema({ name, version }: Package, file: string, cause: unknown): Fault {
  return new Fault(
    'plugin.bad-schema',
    `The schema of \`${name}\` ${version} cannot be read: ${textOf(cause)} (\`${file}\`).`,
    { category: 'validation', hint: 'Install the package again.', cause },
  );
}

/** A plugin is written for another version of the contract. */
export function otherContract(manifest: Manifest, exported?: number): Fault {
  const { package: name, version } = manifest;
  const theirs =
    exported === undefined
      ? `${manifest.apiVersion}`
      : `${manifest.apiVersion} by its manifest and for ${exported} by its code`;
  return new Fault(
    'plugin.contract',
    `\`${name}\` ${version} is written for contract ${theirs}; this cannectors speaks contract ${apiVersion}.`,
    {
      category: 'validation',
      hint: `Install a version of \`${name}\` for contract ${apiVersion}.`,
    },
  );
}

/** Two packages claim one type in one major. */
export function twoPackages(type: string, one: Manifest, other: Manifest): Fault {
  return new Fault(
    'plugin.two-packages',
    `\`${one.package}\` ${one.version} and \`${other.package}\` ${other.version} both are the ${one.kind} \`${type}\`.`,
    { category: 'validation', hint: 'Remove one of the two packages.' },
  );
}

/** The code of a plugin cannot be imported. */
export function pluginFailed({ package: name, version }: Manifest, cause: unknown): Fault {
  return new Fault('plugin.failed', `\`${name}\` ${version} cannot be loaded: ${textOf(cause)}.`, {
    category: 'validation',
    hint: 'Install the package again.',
    cause,
  });
}

/** The default export of a plugin is not what its manifest says. */
export function wrongExport({ package: name, version, kind }: Manifest, plugin: unknown): Fault {
  const found =
    typeof plugin === 'object' && plugin !== null && 'kind' in plugin
      ? `\`${String(plugin.kind)}\``
      : 'something else';
  return new Fault(
    'plugin.wrong-export',
    `\`${name}\` ${version} is the kind \`${kind}\` by its manifest, and its default export is ${found}.`,
    { category: 'validation', hint: 'Tell the author of the package.' },
  );
}

/** The `schedule` of an input cannot be read. */
export function badCron(text: string, expected: string): Fault {
  return new Fault('schedule.bad-cron', `Invalid CRON expression "${text}": ${expected}.`, {
    category: 'validation',
    hint: 'Write 5 fields as in `*/15 * * * *`, or `@hourly`, or `@every 90s`.',
    pointer: '/schedule',
  });
}

/** The time zone of a schedule is not known. */
export function badTimezone(zone: string): Fault {
  return new Fault('schedule.bad-timezone', `The time zone \`${zone}\` is not known.`, {
    category: 'validation',
    hint: 'Write it as in `Europe/Paris` or `UTC`.',
    pointer: '/schedule',
  });
}

/** No date fits the schedule: the 31st of February. */
export function neverDue(text: string): Fault {
  return new Fault('schedule.never', `No date fits the schedule "${text}".`, {
    category: 'validation',
    hint: 'Correct the day or the month.',
    pointer: '/schedule',
  });
}

/** The state file is there and cannot be used. A missing one is a first run. */
export function unreadableState(file: string, cause: unknown): Fault {
  return new Fault(
    'state.unreadable',
    `The state file \`${file}\` cannot be read: ${textOf(cause)}. Repair it, or delete it for a full re-sync.`,
    { category: 'validation', cause },
  );
}

/** The state folder cannot be made or written. */
export function unwritableState(folder: string, cause: unknown): Fault {
  return new Fault(
    'state.unwritable',
    `The state folder \`${folder}\` cannot be written: ${textOf(cause)}.`,
    { hint: 'Make it writable, or set `statePersistence.storagePath`.', cause },
  );
}

/** What was to be saved is not what a state file holds. */
export function notAState(file: string, cause: unknown): Fault {
  return new Fault(
    'state.not-a-state',
    `This is no content for the state file \`${file}\`: ${textOf(cause)}.`,
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

/** The queue of dead letters holds `maxEntries`. With `block` it waits for room, with `fail` it does not. */
export function deadLettersFull(file: string, maxEntries: number, retry: boolean): Fault {
  return new Fault(
    'dead-letter.full',
    `The dead letters in \`${file}\` are ${maxEntries}, and no more are kept.`,
    {
      retry,
      hint: 'Look at them and remove what is settled, or raise `deadLetter.maxEntries`.',
    },
  );
}

/** The file of dead letters cannot be written, so the batch is not delivered. */
export function deadLettersUnwritable(file: string, cause: unknown): Fault {
  return new Fault(
    'dead-letter.unwritable',
    `The dead letters cannot be kept in \`${file}\`: ${textOf(cause)}.`,
    { retry: true, hint: 'Make the folder writable.', cause },
  );
}

/** A line of the file of dead letters is damaged. */
export function deadLettersUnreadable(file: string, line: number, cause: unknown): Fault {
  return new Fault(
    'dead-letter.unreadable',
    `Line ${line} of \`${file}\` cannot be read: ${textOf(cause)}. Repair it, or delete the line.`,
    { category: 'validation', cause },
  );
}

/** The output that dead letters go to did not take them. */
export function deadLettersRefused(output: string, cause: unknown): Fault {
  return new Fault(
    'dead-letter.not-delivered',
    `The output \`${output}\` did not take the dead letters: ${textOf(cause)}.`,
    { retry: true, hint: 'Repair that output, or set `onFailure: store`.', cause },
  );
}

/** An input that never ends has a schedule. */
export function endlessSchedule(type: string): Fault {
  return new Fault(
    'schedule.endless-input',
    `The input \`${type}\` never ends, so it has no schedule.`,
    {
      category: 'validation',
      hint: 'Remove `schedule`.',
      pointer: '/schedule',
    },
  );
}

/** An output that counts only as a whole run gets records from an input that never ends. */
export function wholeRunOfEndless(): Fault {
  return new Fault(
    'output.whole-run',
    'This output delivers at the end of a run, and the input never ends.',
    { category: 'validation', hint: 'Choose a mode that delivers batch by batch.' },
  );
}

/** The document says `enabled: false`. */
export function pipelineDisabled(): Fault {
  return new Fault('pipeline.disabled', 'Pipeline is disabled', {
    category: 'validation',
    hint: 'Set `enabled: true` to run it.',
    pointer: '/enabled',
  });
}

/** Two pipelines of one process have one name. */
export function nameTaken(name: string): Fault {
  return new Fault('pipeline.name-taken', `A pipeline \`${name}\` is there already.`, {
    category: 'validation',
    hint: 'Give one of them another name.',
  });
}

/** A module cannot be built. The code is `INPUT_CREATION_FAILED`, and so on. */
export function creationFailed(
  kind: Kind,
  module: Pick<Module, 'type' | 'pointer'>,
  cause: Fault,
): Fault {
  const { message, hint, category, retry, code, pointer = '' } = cause;
  const path = pathText(module.pointer);
  return new Fault(
    `${kind.toUpperCase()}_CREATION_FAILED`,
    `The ${kind} \`${module.type}\` (${path}) cannot be built: ${message}`,
    {
      category,
      retry,
      pointer: module.pointer + pointer,
      details: { module: module.type, path, fault: code },
      cause,
      ...(hint !== undefined && { hint }),
    },
  );
}

/** An input or output that is needed says `enabled: false`. */
export function moduleDisabled(): Fault {
  return new Fault('module.disabled', 'module disabled', {
    category: 'validation',
    hint: 'Set `enabled: true`; only filters may be left out.',
    pointer: '/enabled',
  });
}

/** A filter that holds records back stands in a nested list, whose records come one at a time. */
export function cannotNest(type: string, pointer: string): Fault {
  return new Fault(
    'filter.cannot-nest',
    `The filter \`${type}\` gathers records of a whole run, and cannot stand in a nested list.`,
    { category: 'validation', hint: 'Move it to `filters` of the pipeline.', pointer },
  );
}

/** A run was ended before it had begun. */
export function stopped(reason: string): Fault {
  return new Fault('run.cancelled', `The run is cancelled: ${reason}.`, { retry: false });
}

function textOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\.$/, '');
}
