/**
 * `pnpm new output slack`: writes a plugin of nine files that passes `pnpm check`, then installs it,
 * so that its author begins with something that works.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { filter } from './new/filter.ts';
import { input } from './new/input.ts';
import { output } from './new/output.ts';
import { type Kind, nameOf, type Plan } from './new/plan.ts';
import { sharedFiles } from './new/shared-files.ts';
import { put, root } from './workspace.ts';

const plans: Readonly<Record<Kind, (name: ReturnType<typeof nameOf>) => Plan>> = {
  input,
  filter,
  output,
};

/** The files of a new plugin: text by path, relative to its folder. */
export function newPlugin(
  kind: Kind,
  type: string,
): { folder: string; files: Map<string, string> } {
  const name = nameOf(type);
  const plan = plans[kind](name);
  const files = new Map([...sharedFiles(kind, name, plan), ...Object.entries(plan.files)]);
  return { folder: `plugins/${kind}s/${name.file}`, files };
}

/** What is wrong with the arguments of the command, in a sentence. */
export function wrongArguments([kind, type, ...more]: readonly string[]): string | undefined {
  const isRight = isKind(kind) && type !== undefined && more.length === 0;
  if (!isRight) return 'Say what to make, as in `pnpm new output slack`: input, filter or output.';
  return /^[a-z][a-zA-Z0-9]*$/.test(type)
    ? undefined
    : `The type \`${type}\` is not camelCase, as in \`httpPolling\`.`;
}

function isKind(word: string | undefined): word is Kind {
  return word !== undefined && word in plans;
}

function run(command: string, ...given: string[]): void {
  execFileSync(command, given, { cwd: root, stdio: 'inherit' });
}

function main(given: readonly string[]): void {
  const wrong = wrongArguments(given);
  if (wrong !== undefined) throw new Error(wrong);
  const { folder, files } = newPlugin(given[0] as Kind, given[1] ?? '');
  if (existsSync(path.join(root, folder))) throw new Error(`There is ${folder} already.`);
  for (const [file, text] of files) put(path.join(root, folder, file), text);
  // What runs this script is pnpm, wherever it comes from.
  run(process.env['npm_execpath'] ?? 'pnpm', 'install', '--no-frozen-lockfile', '--prefer-offline');
  run(process.execPath, 'packages/dev/src/sync-references.ts');
  run(process.execPath, 'packages/dev/src/check-fresh.ts', '--write');
  run('node_modules/.bin/oxfmt', folder);
  console.log(`\n${folder} is there. Look into src/, then: pnpm check ${folder}`);
}

if (import.meta.main) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
