import type { Context } from './context.ts';
import type { Filter } from './filter.ts';
import type { Input } from './input.ts';
import type { Output } from './output.ts';

/** The contract that a manifest names (`cannectors.apiVersion`). */
export const apiVersion = 1;

interface Definition<Kind extends string, Stage, Config> {
  readonly kind: Kind;
  readonly apiVersion: number;
  /** JSON Schema of the config, without the words that every module has. */
  readonly config: object;
  /**
   * Makes a stage of a config that is valid and complete. Compiles what is text in it; opens
   * nothing. A fault points into the config.
   */
  create(config: Config, context: Context): Stage;
}

export type InputPlugin<Config = never> = Definition<'input', Input, Config>;

export interface FilterPlugin<Config = never> extends Definition<'filter', Filter, Config> {
  /**
   * What `onError: log` does with a record that failed: `mark` keeps it with an entry in `_errors`
   * (default), `keep` keeps it without, `drop` removes it. `errorMarkers: all` marks in every case.
   */
  readonly logged?: 'mark' | 'keep' | 'drop';
  /** What the log calls a failure of it. Default: its type and `error`. */
  readonly failure?: string;
}

export type OutputPlugin<Config = never> = Definition<'output', Output, Config>;

export type Plugin = InputPlugin | FilterPlugin | OutputPlugin;

type Given<P> = Omit<P, 'kind' | 'apiVersion'>;

/** Makes an input of a schema and a function. The default export of a package. */
export function defineInput<Config>(given: Given<InputPlugin<Config>>): InputPlugin<Config> {
  return { kind: 'input', apiVersion, ...given };
}

/** Makes a filter of a schema and a function. The default export of a package. */
export function defineFilter<Config>(given: Given<FilterPlugin<Config>>): FilterPlugin<Config> {
  return { kind: 'filter', apiVersion, ...given };
}

/** Makes an output of a schema and a function. The default export of a package. */
export function defineOutput<Config>(given: Given<OutputPlugin<Config>>): OutputPlugin<Config> {
  return { kind: 'output', apiVersion, ...given };
}
