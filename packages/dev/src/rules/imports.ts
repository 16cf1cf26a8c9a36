import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filesOf, type Manifest, type Package } from '../workspace.ts';

/** An import of a source file. */
interface Import {
  readonly specifier: string;
  /** It is erased: `import type`. */
  readonly isType: boolean;
  readonly isDynamic: boolean;
}

/** Rooms that load what they do not know by name: the loader, its tests, the chores. */
const loaders = new Set(['host', 'cli', 'testkit', 'dev']);

/** Imports of a package that its room does not allow, or that only work because others declare them. */
export function importProblems(one: Package, room: string, base: string): string[] {
  return filesOf(one, 'src/**/*.ts', base).flatMap((file) => {
    const source = readFileSync(path.join(base, one.folder, file), 'utf8');
    const at = `${one.folder}/${file}`;
    return [
      ...importsIn(source).flatMap((each) => [
        ...declaredProblems(one.manifest, room, file, each),
        ...doorProblems(room, each),
        ...typeboxProblems(file, room, each),
        ...(room === 'core' ? coreProblems(file, each) : []),
        ...(room === 'config' ? configProblems(each) : []),
      ]),
      ...(/\bimport\(\s*[^'"`\s]/.test(withoutComments(source)) && !loaders.has(room)
        ? ['imports what it does not name; only the loader does that']
        : []),
      ...(escapes(one.folder, file, source)
        ? ['imports a file of another package by its path']
        : []),
    ].map((sentence) => `${at}: ${sentence}`);
  });
}

function declaredProblems(manifest: Manifest, room: string, file: string, each: Import): string[] {
  const name = packageOf(each.specifier);
  if (name === undefined || room === 'dev') return [];
  if (name === '@cannectors/dev') return ['nobody may import @cannectors/dev'];
  // The one import of a package that is not declared: `serve`, found as a plugin is found.
  if (room === 'cli' && name === '@cannectors/server' && each.isDynamic) return [];
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  // `config.ts` is run when `schema.json` is made, not in a pipeline.
  const made = isConfigFile(file) && name === 'typebox' ? devDependencies : {};
  // The black box is all tests.
  const tested = room === 'e2e' ? devDependencies : {};
  const runs = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  const isDeclared = name in { ...runs, ...made, ...tested };
  return isDeclared ? [] : [`imports ${name}, which its package.json does not list to run with`];
}

/** The executor's door is for the host; others may name its types. */
function doorProblems(room: string, { specifier, isType }: Import): string[] {
  if (specifier !== '@cannectors/core/run' || room === 'host' || room === 'testkit') return [];
  if (room === 'dev' || (isType && (room === 'cli' || room === 'server'))) return [];
  return [`a ${room} may not import the executor, @cannectors/core/run`];
}

/** TypeBox stays at home: what runs in a pipeline imports the types of `config.ts`, not its values. */
function typeboxProblems(file: string, room: string, { specifier, isType }: Import): string[] {
  if (isConfigFile(file) || isType || room === 'dev' || room === 'testkit') return [];
  if (packageOf(specifier) === 'typebox') return ['imports TypeBox, whose place is config.ts'];
  const isConfig = /^@cannectors\/kit-[^/]+\/config$|(^|\/)config\.ts$/.test(specifier);
  return isConfig && (room === 'kit' || room === 'plugin')
    ? [`imports a value of ${specifier}, and TypeBox with it; import its type`]
    : [];
}

function isConfigFile(file: string): boolean {
  return /^src\/config(\.ts$|\/)/.test(file);
}

function coreProblems(file: string, { specifier }: Import): string[] {
  const isExecutor = file === 'src/run.ts' || file.startsWith('src/run/');
  if (specifier.startsWith('node:')) {
    const isAllowed = isExecutor && /^node:(timers(\/promises)?|crypto)$/.test(specifier);
    if (isAllowed) return [];
    return [
      isExecutor
        ? `the executor may not use ${specifier}`
        : `the contract may not use ${specifier}`,
    ];
  }
  const leadsToRun = /^\.\/run(\.ts$|\/)/.test(specifier);
  return !isExecutor && leadsToRun ? ['the contract may not import the executor'] : [];
}

function configProblems({ specifier }: Import): string[] {
  return /^node:(fs|child_process|net|http)/.test(specifier)
    ? [`config is given texts, so it may not use ${specifier}`]
    : [];
}

/** Name of the package that a specifier leads to; `undefined` for a file or a module of Node. */
function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:|\/|#)/.test(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The imports and re-exports of a source text. */
export function importsIn(source: string): Import[] {
  const text = withoutComments(source);
  const written = /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  const called = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [
    ...[...text.matchAll(written)].map((match) => ({
      specifier: match[2] ?? '',
      isType: match[1] !== undefined,
      isDynamic: false,
    })),
    ...[...text.matchAll(called)].map((match) => ({
      specifier: match[1] ?? '',
      isType: false,
      isDynamic: true,
    })),
  ];
}

function escapes(folder: string, file: string, source: string): boolean {
  return importsIn(source).some(({ specifier }) => {
    if (!specifier.startsWith('.')) return false;
    const target = path.posix.join(folder, path.posix.dirname(file), specifier);
    return !target.startsWith(`${folder}/`);
  });
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
