import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesOf, type Package } from '../workspace.ts';

/** Longest file in `src`: what one reads in a sitting. */
const longestFile = 300;

/** Lines of code, without blanks and comments. A budget that hurts is raised with a reason. */
const budgets: readonly {
  what: string;
  folder: string;
  is: (file: string) => boolean;
  lines: number;
}[] = [
  { what: 'the contract', folder: 'packages/core', is: (file) => !isExecutor(file), lines: 300 },
  { what: 'the executor', folder: 'packages/core', is: isExecutor, lines: 2_750 },
];

function isExecutor(file: string): boolean {
  return file === 'src/run.ts' || file.startsWith('src/run/');
}

/** Files and rooms that have grown past their budget. */
export function budgetProblems(packages: readonly Package[], base: string): string[] {
  return packages.flatMap((one) => {
    const files = filesOf(one, 'src/**/*.ts', base).map((file) => ({
      file,
      source: readFileSync(path.join(base, one.folder, file), 'utf8'),
    }));
    const long = files.flatMap(({ file, source }) => {
      const lines = source.trimEnd().split('\n').length;
      return lines > longestFile
        ? [`${one.folder}/${file}: ${lines} lines; a file has at most ${longestFile}`]
        : [];
    });
    const over = budgets.flatMap(({ what, folder, is, lines }) => {
      if (folder !== one.folder) return [];
      const mine = files.filter(({ file }) => is(file));
      const sum = mine.reduce((total, { source }) => total + linesOfCode(source), 0);
      return sum > lines
        ? [`${folder}: ${what} has ${sum} lines of code; its budget is ${lines}`]
        : [];
    });
    return [...long, ...over];
  });
}

/** Counts lines that are neither blank nor comment. */
export function linesOfCode(source: string): number {
  return source
    .replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
