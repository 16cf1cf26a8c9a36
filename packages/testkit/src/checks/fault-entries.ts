import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Subject } from '../subject.ts';

/** A fault that a package can throw: a function in its `faults.ts`. */
export interface FaultEntry {
  readonly code: string;
  /** Text of the docstring, without its stars; empty if there is none. */
  readonly docstring: string;
  /** Name of the function. */
  readonly name: string;
}

/** `area.what-happened`, or one that pipelines already read. */
const code = '[a-z][a-z0-9-]*\\.[a-z0-9-]+|[A-Z][A-Z0-9_]+';
const shape = new RegExp(`^(${code})$`);
/** A fault that is made here, or by a function beside it that is told the code. */
const made = new RegExp(`new Fault\\(\\s*['"\`]([^'"\`]+)['"\`]|return \\w+\\(\\s*'(${code})'`);

/**
 * Reads the faults of a source text: the code in each function that makes one, with the function's
 * docstring. A code that is no literal is left out.
 */
export function faultsIn(source: string): FaultEntry[] {
  const functions = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?(?:export\s+)?function\s+(\w+)/g;
  const starts = [...source.matchAll(functions)];
  return starts.flatMap((match, index) => {
    const body = source.slice(match.index, starts[index + 1]?.index);
    const [, direct, told] = made.exec(body) ?? [];
    const found = direct ?? told;
    if (found === undefined) return [];
    return [{ code: found, name: String(match[2]), docstring: textOf(match[1] ?? '') }];
  });
}

/** Faults that are made outside `faults.ts`, have no docstring, or a code of another shape. */
export function faultProblems(subject: Subject): string[] {
  const problems: string[] = [];
  for (const file of globSync('src/**/*.{ts,js}', { cwd: subject.folder })) {
    const source = readFileSync(path.join(subject.folder, file), 'utf8');
    if (path.parse(file).name !== 'faults') {
      if (/new Fault\(\s*['"`]/.test(source)) {
        problems.push(`${file}: a fault is made here; its place is a function in faults.ts.`);
      }
      continue;
    }
    for (const { code: found, name, docstring } of faultsIn(source)) {
      if (docstring === '') {
        problems.push(`${file}: \`${name}\` has no docstring for the reference.`);
      }
      if (!shape.test(found)) {
        problems.push(`${file}: the code \`${found}\` is not of the form area.what-happened.`);
      }
    }
  }
  return problems;
}

function textOf(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}
