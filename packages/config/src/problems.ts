import type { Fault } from '@cannectors/core';
import type { Parsed } from './parse.ts';
import type { Module, Problem } from './pipeline.ts';
import { locate } from './pointer.ts';

/** A problem before it has a line: it may point at an option of a module as if it stood beside `type`. */
export interface Found extends Omit<Problem, 'line' | 'column'> {
  /** It is about the key, not about its value. */
  readonly onKey?: true;
}

/** Gives problems their lines and puts them in the order of the text, each once. */
export function placed(found: readonly Found[], parsed: Parsed): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { onKey, ...said } of found) {
    const pointer = locate(parsed.document, said.pointer);
    const problem = { ...said, pointer, ...parsed.at(pointer, onKey ? 'key' : 'value') };
    problems.set(`${pointer} ${problem.code} ${problem.message}`, problem);
  }
  return [...problems.values()].toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/**
 * Makes a problem of what a plugin's `create` threw. The pointer of the fault counts from the
 * config of the module.
 */
export function problemOf(fault: Fault, module: Pick<Module, 'pointer'>, parsed: Parsed): Problem {
  const pointer = locate(parsed.document, module.pointer + (fault.pointer ?? ''));
  return {
    code: fault.code,
    pointer,
    ...parsed.at(pointer),
    message: fault.message,
    ...(fault.hint !== undefined && { hint: fault.hint }),
  };
}

/** A file that could not be read: what a host says that has no text to give. */
export function unreadable(reason: string): Problem {
  return { code: 'parse.io', pointer: '', message: `failed to read file: ${reason}` };
}

/**
 * The exit code of a command that found these problems: 2 for a text that could not be parsed, 1 for
 * a document that is wrong, 0 for none.
 */
export function exitCodeOf(problems: readonly Problem[]): 0 | 1 | 2 {
  if (problems.some(({ code }) => code.startsWith('parse.'))) return 2;
  return problems.length > 0 ? 1 : 0;
}
