import type { Manifest } from '@cannectors/config';
import { type Fault, faultOf, type Plugin } from '@cannectors/core';
import type { Installed } from './installed.ts';
import type { UsedModule } from './used-modules.ts';

/** Plugins that were imported, and the modules whose plugin was not. */
export interface LoadedPlugins {
  readonly plugins: ReadonlyMap<Manifest, Plugin>;
  readonly failures: readonly { readonly used: UsedModule; readonly fault: Fault }[];
}

/** Imports the plugins of these modules, each once, and no others. */
export async function loadPlugins(
  used: readonly UsedModule[],
  installed: Installed,
): Promise<LoadedPlugins> {
  const plugins = new Map<Manifest, Plugin>();
  const failures: { used: UsedModule; fault: Fault }[] = [];
  const load = async (one: UsedModule): Promise<void> => {
    try {
      plugins.set(one.manifest, await installed.load(one.manifest));
    } catch (error) {
      failures.push({ used: one, fault: faultOf(error, 'plugin.failed') });
    }
  };
  await Promise.all(used.map(load));
  return { plugins, failures };
}
