import { existsSync, globSync } from 'node:fs';
import { discover, type LoadedFile, loadFile } from '@cannectors/host';
import type { ExitCode, Invocation } from '../commands.ts';
import { reportInstallation, reportProblems } from '../configuration.ts';
import { jsonText } from '../json-text.ts';
import { logbook } from '../logbook.ts';
import { printable } from '../printable.ts';
import { terminal } from '../terminal.ts';

/** Checks files without looking at the environment; the worst of them decides the exit code. */
export async function validate({ words, flags, bin }: Invocation): Promise<ExitCode> {
  const screen = terminal(flags);
  const log = logbook(flags, screen);
  const installed = await discover({ folder: process.cwd(), command: bin });
  const documents: object[] = [];
  let exitCode: ExitCode = 0;

  for (const file of words.flatMap(matches)) {
    const loaded = await loadFile(file, installed, {});
    reportProblems(loaded, flags, screen, log);
    if (loaded.exitCode === 0) {
      screen.info((paint) => `${paint('green', '✔')} ${approval(loaded, flags.verbose)}`);
      log.note('info', 'configuration valid', { file });
    }
    if (loaded.exitCode > exitCode) exitCode = loaded.exitCode;
    documents.push(documentOf(loaded));
  }
  if (exitCode !== 0) reportInstallation(installed, screen);
  if (flags.json) screen.result(`${jsonText({ valid: exitCode === 0, files: documents })}\n`);
  return exitCode;
}

/** A pattern that matches nothing stays as it is, and is then a file that cannot be read. */
function matches(word: string): string[] {
  if (existsSync(word) || !/[*?[{]/u.test(word)) return [word];
  const found = globSync(word).toSorted();
  return found.length > 0 ? found : [word];
}

function approval({ file, format, pipeline }: LoadedFile, isVerbose: boolean): string {
  const { name, version } = pipeline ?? {};
  const more = isVerbose ? [name, version && `version ${version}`] : [];
  return printable(
    ['Configuration is valid', `${file} (${format})`, ...more].filter(Boolean).join('  '),
  );
}

function documentOf({ file, format, exitCode, name, problems, warnings }: LoadedFile): object {
  return { file, format, valid: exitCode === 0, pipeline: name ?? null, problems, warnings };
}
