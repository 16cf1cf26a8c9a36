import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A `package.json`, as far as the chores read it. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly cannectors?: {
    readonly kind: 'input' | 'filter' | 'output' | 'bundle';
    readonly type: string;
    readonly aliases?: readonly string[];
  };
}

/** A package of the workspace. */
export interface Package {
  /** Relative to the root, with slashes: `plugins/filters/set`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The packages under a root, by folder. */
export function packagesIn(base: string = root): Package[] {
  return globSync('{packages/*,plugins/*/*}/package.json', { cwd: base })
    .map((file) => ({
      folder: path.dirname(file).replaceAll(path.sep, '/'),
      manifest: JSON.parse(readFileSync(path.join(base, file), 'utf8')) as Manifest,
    }))
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Paths of the files of a package that fit a pattern, relative to the package, sorted. */
export function filesOf(one: Package, pattern: string, base: string = root): string[] {
  return globSync(pattern, { cwd: path.join(base, one.folder) })
    .map((file) => file.replaceAll(path.sep, '/'))
    .toSorted();
}

/** Writes a file, and the folders on the way to it. */
export function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
