/** Writes the `references` of every tsconfig.json from the workspace dependencies; `--check` only compares. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}
interface TsConfig {
  references?: { path: string }[];
  [key: string]: unknown;
}

const check = process.argv.includes('--check');
const folders = globSync('{packages/*,plugins/*/*}/tsconfig.json')
  .map((file) => path.dirname(file))
  .toSorted();
const folderOf = new Map(folders.map((folder) => [manifest(folder).name, folder]));
const stale: string[] = [];

for (const folder of folders) {
  const { dependencies, devDependencies, peerDependencies } = manifest(folder);
  const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  const targets = names.flatMap((name) => folderOf.get(name) ?? []);
  sync(
    `${folder}/tsconfig.json`,
    targets.map((target) => path.relative(folder, target)),
  );
}
sync('tsconfig.json', folders);

if (stale.length > 0) console.error(`${check ? 'stale' : 'updated'}: ${stale.join(', ')}`);
process.exitCode = check && stale.length > 0 ? 1 : 0;

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
}

function sync(file: string, targets: string[]): void {
  const config = JSON.parse(readFileSync(file, 'utf8')) as TsConfig;
  const references = targets.toSorted().map((target) => ({ path: target }));
  if (JSON.stringify(config.references ?? []) === JSON.stringify(references)) return;
  stale.push(file);
  if (!check) writeFileSync(file, `${JSON.stringify({ ...config, references }, null, 2)}\n`);
}
