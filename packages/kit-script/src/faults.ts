import process from 'node:process';
import { Fault } from '@cannectors/core';
import type { Limits, Trouble } from './messages.ts';

/** A script is longer than 100 KiB. */
export function tooLong(bytes: number, most: number, pointer: string): Fault {
  return new Fault('SCRIPT_TOO_LONG', `The script has ${bytes} bytes; at most ${most} are taken.`, {
    category: 'validation',
    hint: 'Split the work between several filters, or do it in a service that `http_call` asks.',
    pointer,
  });
}

/** A script holds nothing but blanks. */
export function empty(pointer: string): Fault {
  return new Fault('SCRIPT_EMPTY', 'The script is empty.', { category: 'validation', pointer });
}

/** Neither or both of the text of a script and its file are given. */
export function notOne(inline: string, pointer: string): Fault {
  return new Fault(
    'script.not-one-source',
    `Exactly one of \`${inline}\` and \`scriptFile\` is needed.`,
    { category: 'validation', hint: `Keep \`${inline}\` or \`scriptFile\`.`, pointer },
  );
}

/** A script is no JavaScript, or it imports something. */
export function notCompiled(reason: string, pointer?: string): Fault {
  return new Fault('COMPILATION_FAILED', `The script does not compile: ${reason}.`, {
    category: 'validation',
    ...(pointer !== undefined && { pointer }),
  });
}

/** The name of a script file leads upwards. */
export function badFileName(file: string, pointer: string): Fault {
  return new Fault('INVALID_SCRIPT_FILE', `\`${file}\` has a \`..\` in it.`, {
    category: 'validation',
    hint: 'Name a file beside the pipeline file, or below its folder.',
    pointer,
  });
}

/** A script file cannot be read. */
export function unreadableFile(file: string, cause: unknown, pointer: string): Fault {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Fault('SCRIPT_FILE_READ_FAILED', `The file \`${file}\` cannot be read (${reason}).`, {
    category: 'validation',
    hint: 'Put it beside the pipeline file, or correct the name.',
    pointer,
    cause,
  });
}

/** A limit of a script is given in both spellings. */
export function limitTwice(camel: string, snake: string): Fault {
  return new Fault('script.limit-twice', `\`${camel}\` and \`${snake}\` are the same limit.`, {
    category: 'validation',
    hint: `Keep \`${camel}\`.`,
    pointer: '/limits',
  });
}

/** A script has no function `transform`. */
export function missingTransform(): Fault {
  return new Fault('MISSING_TRANSFORM', 'The script has no global function `transform`.', {
    category: 'validation',
    hint: 'Write `function transform(record) { …; return record; }`.',
  });
}

/** A script has no function `processBatch`. */
export function missingProcessBatch(): Fault {
  return new Fault('MISSING_PROCESS_BATCH', 'The script has no function `processBatch`.', {
    category: 'validation',
    hint: 'Write `function processBatch(events) { …; return events; }`, or export it.',
  });
}

/** The entry point of a script is no function. */
export function notFunction(entry: string): Fault {
  return new Fault('NOT_FUNCTION', `\`${entry}\` of the script is not a function.`, {
    category: 'validation',
    hint: `Write \`function ${entry}(…) { … }\`.`,
  });
}

/** A script has thrown, or gave back what is no record. @param where as in `at record 3` */
export function failed(trouble: Pick<Trouble, 'kind' | 'text' | 'stack'>, where: string): Fault {
  const { kind, text, stack = '' } = trouble;
  const message = {
    thrown: `script execution failed ${where}: ${text}`,
    type: `script ${where} returned ${text}`,
    'endless-promise': `script ${where} returned a promise that nothing settles`,
  }[kind as 'thrown' | 'type' | 'endless-promise'];
  return new Fault('EXECUTION_FAILED', message, {
    ...(stack !== '' && { details: { stack_trace: stack } }),
  });
}

/** A script took longer than `timeoutMs`, or more CPU time than `cpuMs`; it was stopped. */
export function tookTooLong(kind: 'timeout' | 'cpu', limits: Limits, where: string): Fault {
  const what =
    kind === 'cpu'
      ? `${limits.cpuMs} ms of CPU time (\`cpuMs\`)`
      : `${limits.timeoutMs} ms (\`timeoutMs\`)`;
  return new Fault('script.timeout', `The script ${where} took longer than ${what}.`, {
    hint: 'Look for a loop that does not end, or raise the limit under `limits`.',
    retry: false,
  });
}

/** A script took more memory than `memMb`, or ended its process; the process was replaced. */
export function tookTooMuch(limits: Limits, where: string): Fault {
  return new Fault(
    'script.memory',
    `The script ${where} took more memory than ${limits.memMb} MiB (\`memMb\`).`,
    { hint: 'Keep less at a time, or raise `limits.memMb`.', retry: false },
  );
}

/** What a script gave back is larger than what is taken. */
export function gaveTooMuch(text: string, where: string): Fault {
  return new Fault('script.output', `The script ${where} gave back too much: ${text}.`, {
    hint: 'Give back smaller or fewer records; use `split` to make many of one.',
    retry: false,
  });
}

/** What comes from a script cannot be taken: no number or depth of JSON, or nothing it should be. */
export function spoilt(reason: string, where: string): Fault {
  return new Fault(
    'script.spoilt',
    `The script ${where} gave what cannot be taken: ${reason.replace(/\.$/, '')}.`,
    {
      category: 'validation',
      hint: 'Look at large numbers, deep objects, and changes of what JavaScript itself has.',
    },
  );
}

/** The process of a script has ended without a reason that is known, more than once. */
export function processEnded(reason: string): Fault {
  return new Fault('script.ended', `The process of the script has ended (${reason}).`, {
    hint: 'Look whether something on this machine ends processes.',
    retry: false,
  });
}

/**
 * The engine for scripts is not installed, is not built for this platform, or its process does not start.
 * `isolated-vm` 7 is built for Node 24 and 26, on Linux (x64, arm64), macOS (arm64) and Windows (x64).
 */
export function noSandbox(reason: string): Fault {
  const { platform, arch, version } = process;
  const [line = ''] = reason.split('\n');
  return new Fault(
    'script.no-sandbox',
    `Scripts cannot run on ${platform}-${arch} with Node ${version}: ${line.replace(/\.$/, '')}.`,
    {
      hint: 'Install with optional dependencies, with Node 24 or 26, on Linux (x64 or arm64), macOS (arm64) or Windows (x64): `isolated-vm` is built for these.',
      retry: false,
    },
  );
}

/** The filter was closed while a script ran. */
export function closed(): Fault {
  return new Fault('script.closed', 'The filter was closed while its script ran.', {
    retry: false,
  });
}
