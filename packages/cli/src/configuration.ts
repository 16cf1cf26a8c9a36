import type { Problem } from '@cannectors/config';
import type { Installed, LoadedFile, LogEntry } from '@cannectors/host';
import type { Flags } from './flags.ts';
import type { Logbook } from './logbook.ts';
import { printable } from './printable.ts';
import { isParseError, problemLines } from './problem-lines.ts';
import { count } from './quantity.ts';
import type { Terminal } from './terminal.ts';

/** Says what is wrong with a file, and what is odd about it: to people, and to the log. */
export function reportProblems(
  { file, problems, warnings }: Pick<LoadedFile, 'file' | 'problems' | 'warnings'>,
  flags: Flags,
  screen: Terminal,
  log: Logbook,
): void {
  for (const warning of warnings) {
    screen.warn(
      (paint) =>
        `${paint('yellow', 'Warning')}: ${problemLines(file, warning, paint, flags.verbose)}`,
    );
    log.note('warn', 'configuration warning', { file, ...fieldsOf(warning) });
  }
  if (problems.length === 0) return;

  screen.error((paint) =>
    [
      `${paint('red', '✖')} ${paint('bold', problems.some(isParseError) ? 'Parse errors' : 'Validation errors')}`,
      ...problems.map((problem) => problemLines(file, problem, paint, flags.verbose)),
    ].join('\n'),
  );
  if (!flags.verbose && !problems.some(isParseError)) {
    screen.warn((paint) => paint('dim', 'Use --verbose to see what was expected and found.'));
  }
  for (const problem of problems) {
    log.note('error', 'configuration refused', { file, ...fieldsOf(problem) });
  }
}

/** Says what is wrong with the installed packages: it may be why a type is not known. */
export function reportInstallation({ problems }: Installed, screen: Terminal): void {
  for (const { message, hint } of problems) {
    const advice = hint === undefined ? '' : `\n  → ${hint}`;
    screen.warn((paint) => `${paint('yellow', 'Warning')}: ${printable(message + advice)}`);
  }
}

/** What `run --json` prints when nothing ran. */
export function refusalOf({ file, name, exitCode, problems }: LoadedFile): object {
  const code = exitCode === 2 ? 'config.unreadable' : 'config.refused';
  const message = `${file} has ${count(problems.length, 'problem')}.`;
  return { pipeline: name ?? null, status: 'error', error: { code, message }, problems };
}

function fieldsOf({ code, pointer, line, column, message }: Problem): LogEntry['fields'] {
  return { code, pointer, line, column, error: message };
}
