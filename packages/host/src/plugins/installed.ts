import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalog, Kind, Manifest } from '@cannectors/config';
import { apiVersion, type Fault, type Plugin } from '@cannectors/core';
import { otherContract, pluginFailed, twoPackages, wrongExport } from './faults.ts';
import { entryOf, type Found, type Package } from './manifest.ts';

/** Plugins of one rank: those of a layer win over those of a later one. */
export type Layer = readonly Found[];

/** The installed plugins: what config reads of them, and the code behind it. */
export interface Installed extends Catalog {
  /**
   * Imports a plugin; a second call gives the same promise.
   *
   * @throws `plugin.contract`, `plugin.two-packages`, `plugin.failed`, `plugin.wrong-export`
   */
  load(manifest: Manifest): Promise<Plugin>;
  /** Absolute path of the package that a plugin comes from. */
  folder(manifest: Manifest): string;
  /** What is wrong with the installation, whether a pipeline uses it or not. */
  readonly problems: readonly Fault[];
}

/**
 * Makes the catalog of some plugins.
 *
 * A bare type is the highest major of the first layer that has it, `type@2` the first plugin of that
 * major (D18). Two packages of a layer that claim one type in one major are a problem naming both.
 */
export function installed(layers: readonly Layer[], found: readonly Fault[] = []): Installed {
  const all = layers.flat();
  const packages = new Map(all.map((one) => [one.manifest, one.package]));
  const faults = new Map<Manifest, Fault>();
  const loaded = new Map<Manifest, Promise<Plugin>>();
  const tables = layers.map((layer) => tableOf(layer, faults));

  const find = (kind: Kind, type: string): Manifest | undefined => {
    const [word = '', major] = type.split('@', 2);
    for (const table of tables) {
      const manifests = table.get(`${kind} ${word}`) ?? [];
      const match = manifests.find(
        ({ version }) => major === undefined || majorOf(version) === Number(major),
      );
      if (match !== undefined) return match;
    }
    return undefined;
  };

  const packageOf = (manifest: Manifest): Package => {
    const found = packages.get(manifest);
    if (found === undefined) throw new TypeError('The manifest is of another catalog.');
    return found;
  };

  const load = async (manifest: Manifest): Promise<Plugin> => {
    const fault = faults.get(manifest);
    if (fault !== undefined) throw fault;
    return await imported(manifest, entryOf(packageOf(manifest)));
  };

  return {
    find,
    list: () =>
      all
        .map(({ manifest }) => manifest)
        .filter((one) => find(one.kind, `${one.type}@${majorOf(one.version)}`) === one),
    load(manifest) {
      const known = loaded.get(manifest) ?? load(manifest);
      loaded.set(manifest, known);
      return known;
    },
    folder: (manifest) => path.dirname(packageOf(manifest).file),
    problems: [...found, ...faults.values()],
  };
}

/** The plugins of a layer by kind and word, the highest major first. */
function tableOf(layer: Layer, faults: Map<Manifest, Fault>): Map<string, Manifest[]> {
  const table = new Map<string, Manifest[]>();
  for (const { manifest } of layer) {
    if (manifest.apiVersion !== apiVersion) faults.set(manifest, otherContract(manifest));
    for (const word of [manifest.type, ...manifest.aliases]) {
      const key = `${manifest.kind} ${word}`;
      const rivals = table.get(key) ?? [];
      const rival = rivals.find(({ version }) => majorOf(version) === majorOf(manifest.version));
      if (rival !== undefined) faults.set(rival, twoPackages(word, rival, manifest));
      rivals.push(manifest);
      table.set(key, rivals);
    }
  }
  for (const rivals of table.values()) {
    rivals.sort((a, b) => majorOf(b.version) - majorOf(a.version));
  }
  return table;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

async function imported(manifest: Manifest, entry: string): Promise<Plugin> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(entry).href)) as typeof module;
  } catch (error) {
    throw pluginFailed(manifest, error);
  }
  const plugin = module.default;
  if (!isPlugin(plugin) || plugin.kind !== manifest.kind) throw wrongExport(manifest, plugin);
  if (plugin.apiVersion !== manifest.apiVersion) throw otherContract(manifest, plugin.apiVersion);
  return plugin;
}

function isPlugin(value: unknown): value is Plugin {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'apiVersion' in value &&
    'create' in value &&
    typeof value.create === 'function'
  );
}
