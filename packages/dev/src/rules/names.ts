import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { filesOf, type Package } from '../workspace.ts';

/** What may stand at the top of the repository, besides files. */
const topFolders = new Set([
  'packages',
  'plugins',
  'examples',
  'docs',
  '.changeset',
  '.ci',
  '.github',
]);
/** Folders that tools make; git ignores them. */
const passing = new Set([
  '.git',
  'node_modules',
  '.turbo',
  'coverage',
  'dist',
  '.cannectors-state',
]);

/** A name that fits everything says nothing. */
const sayNothing = /(^|\/)(utils?|helpers?|misc|common|types|shared|lib|constants)\.ts$/;
const rings: Readonly<Record<string, string>> = {
  inputs: 'input',
  filters: 'filter',
  outputs: 'output',
};

/** Folders, packages, types and files whose names do not tell what they are. */
export function nameProblems(packages: readonly Package[], base: string): string[] {
  const strays = readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter(({ name }) => !topFolders.has(name) && !passing.has(name))
    .map(({ name }) => `${name}/: a folder at the top that the law does not know`);
  return [...strays, ...packages.flatMap((one) => packageProblems(one, base))];
}

function packageProblems(one: Package, base: string): string[] {
  const { folder, manifest } = one;
  const problems: string[] = [];
  const expected = nameFor(folder);
  if (manifest.name !== expected) {
    problems.push(`${folder}: the package is named ${manifest.name}; expected ${expected}`);
  }
  for (const file of filesOf(one, 'src/**/*.ts', base)) {
    const at = `${folder}/${file}`;
    if (sayNothing.test(file)) problems.push(`${at}: a name that fits everything says nothing`);
    if (!/^[a-z0-9/-]+(\.[a-z0-9-]+)*\.ts$/.test(file)) {
      problems.push(`${at}: a file is named in kebab-case`);
    }
    if (makesFault(path.join(base, at)) && !/(^|\/)faults?\.ts$/.test(file)) {
      problems.push(`${at}: a fault is made here; its place is a function in faults.ts`);
    }
  }
  return folder.startsWith('plugins/') ? [...problems, ...pluginProblems(one, base)] : problems;
}

function pluginProblems({ folder, manifest }: Package, base: string): string[] {
  const [, ring = '', name = ''] = folder.split('/');
  const { kind, type = '' } = manifest.cannectors ?? {};
  const problems: string[] = [];
  if (kind !== rings[ring]) {
    problems.push(`${folder}: its manifest says \`kind: ${String(kind)}\`, its folder \`${ring}\``);
  }
  const asFolder = type
    .replaceAll('_', '-')
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (asFolder !== name) problems.push(`${folder}: the folder of \`type: ${type}\` is ${asFolder}`);
  for (const file of ['index.ts', 'config.ts', `${name}.ts`]) {
    if (!existsSync(path.join(base, folder, 'src', file))) {
      problems.push(`${folder}: there is no src/${file}`);
    }
  }
  return problems;
}

function nameFor(folder: string): string {
  const [ring, first = '', second = ''] = folder.split('/');
  if (ring === 'plugins') return `@cannectors/${rings[first] ?? first}-${second}`;
  return first.endsWith('cannectors') ? first : `@cannectors/${first}`;
}

function makesFault(file: string): boolean {
  return /^(?!\s*(\/\/|\*)).*new Fault\(\s*['"`]/m.test(readFileSync(file, 'utf8'));
}
