import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root } from '../workspace.ts';

/** The program as a user has it: built, packed, and installed in an empty folder. */
export function installPacked(): { command: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'cannectors-packed-'));
  const tarballs = path.join(folder, 'tgz');
  mkdirSync(tarballs);
  const pnpm = process.env['npm_execpath'] ?? 'pnpm';
  run(root, pnpm, 'run', 'build');
  const everything = ['./packages/*', './plugins/*/*', '!@cannectors/dev', '!@cannectors/e2e'];
  const filters = everything.flatMap((one) => ['--filter', one]);
  run(root, pnpm, '-r', ...filters, 'pack', '--pack-destination', tarballs);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  run(
    folder,
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...globSync(path.join(tarballs, '*.tgz')),
  );
  return {
    command: path.join(folder, 'node_modules/cannectors/bin.js'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function run(cwd: string, command: string, ...given: string[]): void {
  execFileSync(command, given, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
