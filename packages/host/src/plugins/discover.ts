import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Fault, isFault } from '@cannectors/core';
import { brokenPackage } from './faults.ts';
import { type Installed, installed, type Layer } from './installed.ts';
import { type Found, isBundle, manifestOf, type Package, readPackage } from './manifest.ts';

export interface DiscoverOptions {
  /** The folder in which the command runs. */
  readonly folder: string;
  /** URL of the program that provides the command. */
  readonly command?: string;
}

/**
 * Finds the installed plugins through declared dependencies, never by scanning, and imports none:
 * those of the nearest `package.json` at or above `folder`, those of bundles among them, and then
 * those of the package that provides the command, or of the meta-package beside it. What comes
 * first wins (D16).
 *
 * A dependency that is declared and not there is passed over: its types are then unknown.
 */
export async function discover({ folder, command }: DiscoverOptions): Promise<Installed> {
  const problems: Fault[] = [];
  const project = nearest(path.resolve(folder), problems);
  const provider = command === undefined ? undefined : nearest(fileURLToPath(command), problems);
  const seen = new Set<string>();
  const layers: Layer[] = [];

  if (project !== undefined) {
    const direct = dependenciesOf(project, project.allDependencies);
    layers.push(plugins(direct, 'project', problems));
    layers.push(plugins(inBundles(direct, seen), 'bundle', problems));
  }
  if (provider !== undefined) {
    const beside = dependenciesOf(provider, ['cannectors']);
    const direct = dependenciesOf(provider, provider.dependencies);
    seen.add(provider.file); // If it is a bundle, `direct` is what it lists.
    const others = inBundles([...direct, ...beside], seen);
    layers.push(plugins([...direct, ...others], 'bundle', problems));
  }
  return installed(layers, problems);
}

/** The `package.json` at or above a place; one that cannot be read is a problem. */
function nearest(place: string, problems: Fault[]): Package | undefined {
  for (let folder = place; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file)) {
      try {
        return readPackage(file);
      } catch (error) {
        problems.push(brokenPackage(file, error));
        return undefined;
      }
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** The packages of these names, as Node finds them from a package. */
function dependenciesOf(from: Package, names: readonly string[]): Package[] {
  const base = pathToFileURL(from.file);
  return names.flatMap((name) => {
    try {
      const file = findPackageJSON(name, base);
      return file === undefined ? [] : [readPackage(file)];
    } catch {
      // Not installed, or no package that Node could load: not a plugin either.
      return [];
    }
  });
}

/** The dependencies of the bundles among some packages, bundles of bundles too. */
function inBundles(packages: readonly Package[], seen: Set<string>): Package[] {
  return packages.filter(isBundle).flatMap((bundle) => {
    if (seen.has(bundle.file)) return [];
    seen.add(bundle.file);
    const direct = dependenciesOf(bundle, bundle.dependencies);
    return [...direct, ...inBundles(direct, seen)];
  });
}

/** The plugins among some packages. */
function plugins(
  packages: readonly Package[],
  from: 'project' | 'bundle',
  problems: Fault[],
): Layer {
  const files = new Map(packages.map((one) => [one.file, one]));
  return [...files.values()].flatMap((one): Found[] => {
    if (one.block === undefined || isBundle(one)) return [];
    try {
      return [{ manifest: manifestOf(one, from), package: one }];
    } catch (error) {
      if (!isFault(error)) throw error;
      problems.push(error);
      return [];
    }
  });
}
