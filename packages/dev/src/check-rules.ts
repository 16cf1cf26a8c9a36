/**
 * The law of this repository, and nothing but: what each room may depend on. It is read from the
 * manifests and the imports, and told in sentences.
 */
import process from 'node:process';
import { budgetProblems } from './rules/budgets.ts';
import { importProblems } from './rules/imports.ts';
import { nameProblems } from './rules/names.ts';
import { sharingProblems } from './rules/sharing.ts';
import { type Package, packagesIn, root } from './workspace.ts';

/** What each room may depend on, besides libraries from npm. */
const mayUse: Readonly<Record<string, RegExp>> = {
  core: /^$/,
  config: /^@cannectors\/core$/,
  host: /^@cannectors\/(core|config|kit-expression)$/,
  cli: /^@cannectors\/(core|config|host)$/,
  server: /^@cannectors\/(core|config|host)$/,
  testkit: /^@cannectors\/(core|config|host)$/,
  kit: /^@cannectors\/(core|kit-.+)$/,
  plugin: /^@cannectors\/(core|kit-.+)$/,
  // Core is there so that a plugin in the user's project finds the copy that the program runs.
  cannectors: /^@cannectors\/(core|cli|server|input-.+|filter-.+|output-.+)$/,
  'create-cannectors': /^$/,
  e2e: /^$/,
  dev: /./,
};

/** What a room may use in its tests too. The black box and the generator are tested as they are used. */
const mayTestWith = /^@cannectors\/testkit$/;
const untested = new Set(['e2e', 'create-cannectors']);

/** `plugins/filters/set` is a plugin, `packages/kit-http` a kit, `packages/host` the host. */
export function roomOf(folder: string): string {
  const [ring, name = ''] = folder.split('/');
  if (ring === 'plugins') return 'plugin';
  return name.startsWith('kit-') ? 'kit' : name;
}

/** Everything that breaks the law in a workspace, one sentence each. */
export function problemsIn(base: string = root): string[] {
  const packages = packagesIn(base);
  return [
    ...packages.flatMap((one) => manifestProblems(one, packages)),
    ...packages.flatMap((one) => importProblems(one, roomOf(one.folder), base)),
    ...sharingProblems(packages),
    ...nameProblems(packages, base),
    ...budgetProblems(packages, base),
  ];
}

function manifestProblems({ folder, manifest }: Package, packages: readonly Package[]): string[] {
  const room = roomOf(folder);
  const allowed = mayUse[room];
  if (allowed === undefined) {
    return [`${folder}: the law knows no room \`${room}\`; give it a line in check-rules.ts`];
  }
  const ours = new Set(packages.map((one) => one.manifest.name));
  const isOurs = (name: string): boolean => ours.has(name) || name.startsWith('@cannectors/');
  const runs = namesOf(manifest.dependencies, manifest.peerDependencies);
  const tests = namesOf(manifest.devDependencies);
  const a = /^[aeiou]/.test(room) ? 'an' : 'a';
  return [
    ...runs
      .filter((name) => isOurs(name) && !allowed.test(name))
      .map((name) => `${folder}: ${a} ${room} may not depend on ${name}`),
    ...tests
      .filter((name) => isOurs(name) && !allowed.test(name))
      .filter((name) => untested.has(room) || !mayTestWith.test(name))
      .map((name) => `${folder}: ${a} ${room} may not be developed with ${name}`),
    ...(namesOf(manifest.dependencies).includes('@cannectors/core') && /^(kit|plugin)$/.test(room)
      ? [`${folder}: ${a} ${room} has @cannectors/core as a peer dependency, never as its own`]
      : []),
  ];
}

function namesOf(...lists: readonly (Readonly<Record<string, string>> | undefined)[]): string[] {
  return lists.flatMap((list) => Object.keys(list ?? {}));
}

if (import.meta.main) {
  const problems = problemsIn();
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
