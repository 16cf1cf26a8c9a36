import { type Kind, type Module, pathText } from '@cannectors/config';
import { Fault, type FaultOptions, isFault } from '@cannectors/core';
import { reasonOf } from './reason-of.ts';

/** An output that counts only as a whole run gets records from an input that never ends. */
export function wholeRunOfEndless(): Fault {
  return new Fault(
    'output.whole-run',
    'This output delivers at the end of a run, and the input never ends.',
    { category: 'validation', hint: 'Choose a mode that delivers batch by batch.' },
  );
}

/** A filter gives what it has at the end of a run, and the input never ends. */
export function filterOfWholeRun(): Fault {
  return new Fault(
    'filter.whole-run',
    'This filter gives what it gathers at the end of a run, and the input never ends.',
    {
      category: 'validation',
      hint: 'Let it give earlier: of `aggregate` set `window`, or `per: batch`.',
    },
  );
}

/** An output is to keep the checkpoint, but there is none, or other outputs count too. */
export function keepsAlone(): Fault {
  return new Fault(
    'output.keeps-alone',
    'An output that keeps the checkpoint has to be the only one, and the input has to have one.',
    {
      category: 'validation',
      hint: 'Switch on `statePersistence` of the input, and give the other outputs a pipeline of their own.',
    },
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

/** A module cannot be built, or not be opened before a schedule starts. */
export function creationFailed(kind: Kind, module: Stood, cause: Fault): Fault {
  const made = { input: inputNotCreated, filter: filterNotCreated, output: outputNotCreated };
  return made[kind](module, cause);
}

/** The input cannot be built, or not be opened before its schedule starts. */
function inputNotCreated(module: Stood, cause: Fault): Fault {
  return new Fault('INPUT_CREATION_FAILED', ...notCreated('input', module, cause));
}

/** A filter cannot be built. */
function filterNotCreated(module: Stood, cause: Fault): Fault {
  return new Fault('FILTER_CREATION_FAILED', ...notCreated('filter', module, cause));
}

/** An output cannot be built, or not be opened before a schedule starts. */
function outputNotCreated(module: Stood, cause: Fault): Fault {
  return new Fault('OUTPUT_CREATION_FAILED', ...notCreated('output', module, cause));
}

/** A module threw what is no fault while it was built: a defect of its plugin. */
export function moduleFailed(error: unknown): Fault {
  if (isFault(error)) return error;
  return new Fault('module.failed', `${reasonOf(error)}.`, { retry: false, cause: error });
}

/** A module warns of something while it is built. */
export function moduleWarning(text: string, pointer: unknown): Fault {
  return new Fault('module.warning', text, typeof pointer === 'string' ? { pointer } : {});
}

/** A module, as far as a fault names it. */
type Stood = Pick<Module, 'type' | 'pointer'>;

function notCreated(kind: Kind, module: Stood, cause: Fault): [message: string, FaultOptions] {
  const { message, hint, category, retry, code, pointer = '' } = cause;
  const path = pathText(module.pointer);
  const text = `The ${kind} \`${module.type}\` (${path}) cannot be built: ${message}`;
  const options: FaultOptions = {
    category,
    retry,
    pointer: module.pointer + pointer,
    details: { module: module.type, path, fault: code },
    cause,
    ...(hint !== undefined && { hint }),
  };
  return [text, options];
}
