import { type Catalog, type Kind, type Manifest, type Module, pathText } from '@cannectors/config';
import { type Context, type Filter, type Input, type Output, type Plugin } from '@cannectors/core';
import type { FilterStage } from '@cannectors/core/run';
import { contextOf, type Surroundings } from './context.ts';
import { cannotNest } from './faults.ts';
import { nestedModules } from './plugins/used-modules.ts';

/** The plugins of a pipeline, imported. */
export type Plugins = ReadonlyMap<Manifest, Plugin>;

export interface WorkshopOptions extends Surroundings {
  readonly catalog: Catalog;
  readonly plugins: Plugins;
  /** Told that a module cannot be made; it throws, or the module is left out. */
  readonly refuse: (error: unknown, kind: Kind, module: Module) => void;
}

/** Makes stages of modules. `undefined`: the module was refused, or a filter is disabled. */
export interface Workshop {
  input(module: Module): Input | undefined;
  output(module: Module): Output | undefined;
  filters(modules: readonly Module[]): FilterStage[];
}

interface Made {
  readonly input: Input;
  readonly filter: Filter;
  readonly output: Output;
}

export function workshop(options: WorkshopOptions): Workshop {
  const { catalog, plugins, pipeline, kernel, refuse, logOf } = options;

  const pluginOf = (kind: Kind, { type }: Module): Plugin => {
    const manifest = catalog.find(kind, type);
    const plugin = manifest && plugins.get(manifest);
    if (plugin === undefined) throw new TypeError(`The ${kind} \`${type}\` is not loaded.`);
    return plugin;
  };

  const make = <K extends Kind>(kind: K, module: Module): Made[K] | undefined => {
    try {
      const context = contextOf(kind, module, options, (steps, pointer, { tolerant } = {}) =>
        nested(steps, module, pointer, tolerant === true),
      );
      // A plugin may keep what it is given, and the next one must not see it.
      const config = structuredClone(module.config) as never;
      return pluginOf(kind, module).create(config, context) as Made[K];
    } catch (error) {
      refuse(error, kind, module);
      return undefined;
    }
  };

  const filterStage = (module: Module): FilterStage | undefined => {
    const log = logOf(module);
    if (!module.enabled) {
      log.debug('filter is disabled');
      return undefined;
    }
    const filter = make('filter', module);
    if (filter === undefined) return undefined;
    const plugin = pluginOf('filter', module);
    const logged = 'logged' in plugin ? plugin.logged : undefined;
    const failure = 'failure' in plugin ? plugin.failure : undefined;
    return {
      type: module.type,
      path: pathText(module.pointer),
      onError: module.onError,
      log,
      filter,
      logged: pipeline.errorMarkers === 'all' ? 'mark' : (logged ?? 'mark'),
      failure: failure ?? `${module.type} error`,
    };
  };

  const stages = (modules: readonly Module[]): FilterStage[] =>
    modules.flatMap((module) => filterStage(module) ?? []);

  const nested = (
    steps: readonly unknown[],
    parent: Module,
    pointer: string,
    tolerant: boolean,
  ): ReturnType<Context['filters']> => {
    const made = stages(nestedModules(steps, parent.pointer + pointer));
    const holding = made.find(({ filter }) => 'flush' in filter && filter.flush !== undefined);
    if (holding !== undefined) throw cannotNest(holding.type, pointer);
    const passOver = { skip: 'warn', log: 'error', fail: undefined, dlq: undefined } as const;
    return kernel.chain(made, tolerant ? passOver[parent.onError] : undefined);
  };

  return {
    input: (module) => make('input', module),
    output: (module) => make('output', module),
    filters: stages,
  };
}
