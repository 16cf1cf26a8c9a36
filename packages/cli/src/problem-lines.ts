import { pathText, type Problem } from '@cannectors/config';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import type { Paint } from './terminal.ts';

/**
 * A problem for people: `file:line:column path: message`, and its hint on a line of its own.
 *
 * @param isVerbose also says what was expected and what is there
 */
export function problemLines(
  file: string,
  problem: Problem,
  paint: Paint,
  isVerbose: boolean,
): string {
  const { line, column, message, hint, expected, actual } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  // What could not be parsed has no paths yet.
  const path = isParseError(problem) ? '' : ` ${pathText(problem.pointer)}`;
  const lines = [`${paint('bold', printable(place))}${printable(`${path}: ${message}`)}`];
  if (isVerbose && expected !== undefined) lines.push(`  expected ${jsonText(expected)}`);
  if (isVerbose && actual !== undefined) lines.push(`  found ${jsonText(actual)}`);
  if (hint !== undefined) lines.push(`  → ${printable(hint)}`);
  return lines.join('\n');
}

export function isParseError(problem: Problem): boolean {
  return problem.code.startsWith('parse.');
}
