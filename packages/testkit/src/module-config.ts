import {
  type Catalog,
  type Kind,
  type Manifest,
  parse,
  type Problem,
  resolve,
  type SchemaObject,
} from '@cannectors/config';
import type { FilterPlugin, JsonRecord, Plugin } from '@cannectors/core';
import { type Registry, standIns } from './nested-filters.ts';

/** A config as `create` gets it, or what is wrong with it; pointers lead into the config. */
export type Checked =
  | { readonly config: JsonRecord }
  | { readonly problems: readonly Pick<Problem, 'code' | 'pointer' | 'message'>[] };

/**
 * Checks a config as a user writes it against the plugin's schema, and fills in the defaults: in a
 * small pipeline, by the same code that the program uses.
 *
 * @param registry filters that nested steps may name
 */
export async function checkedConfig(
  plugin: Plugin,
  config: JsonRecord,
  registry: Registry = {},
): Promise<Checked> {
  const { kind } = plugin;
  const module = { ...config, type: 'tested' };
  const document = {
    name: 'test',
    input: kind === 'input' ? module : { type: 'none' },
    filters: kind === 'filter' ? [module] : [],
    output: kind === 'output' ? module : { type: 'none' },
  };
  const parsed = await parse(textOf(document), 'test.json');
  const { pipeline, problems } = await resolve(parsed, catalogOf(plugin, registry), undefined);
  const place = kind === 'filter' ? '/filters/0' : `/${kind}`;
  if (pipeline === undefined) {
    return {
      problems: problems.map(({ code, pointer, message }) => ({
        code,
        pointer: pointer.startsWith(place) ? pointer.slice(place.length) : pointer,
        message,
      })),
    };
  }
  const { input, filters, outputs } = pipeline;
  const made = kind === 'input' ? input : kind === 'filter' ? filters[0] : outputs[0];
  return { config: made?.config ?? {} };
}

/**
 * Gives the config that `create` gets.
 *
 * @throws an Error that lists what the schema refuses
 */
export async function completeConfig(
  ...given: Parameters<typeof checkedConfig>
): Promise<JsonRecord> {
  const checked = await checkedConfig(...given);
  if ('config' in checked) return checked.config;
  const lines = checked.problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  throw new Error(`The schema refuses the config.\n${lines.join('\n')}`);
}

/** Compiled schemas are known by their manifest, so a plugin keeps its own. */
const manifests = new WeakMap<object, Manifest>();

function catalogOf(plugin: Plugin, registry: Registry): Catalog {
  const find = (kind: Kind, type: string): Manifest | undefined => {
    if (kind === plugin.kind && type === 'tested') return manifestOf(plugin, type);
    if (kind !== 'filter') return manifestOf(nothing[kind], type);
    const step: FilterPlugin | undefined = registry[type] ?? standIns[type];
    return step && manifestOf(step, type);
  };
  return { find, list: () => [] };
}

/** The rest of the small pipeline. */
const nothing = {
  input: { kind: 'input', config: { type: 'object' } },
  output: { kind: 'output', config: { type: 'object' } },
} as const;

function manifestOf(
  plugin: { readonly kind: Kind; readonly config: object },
  type: string,
): Manifest {
  const known = manifests.get(plugin);
  if (known !== undefined) return known;
  const manifest: Manifest = {
    kind: plugin.kind,
    type,
    aliases: [],
    package: `the plugin \`${type}\``,
    version: '0.0.0',
    apiVersion: 1,
    description: '',
    from: 'project',
    schema: () => plugin.config as SchemaObject,
  };
  manifests.set(plugin, manifest);
  return manifest;
}

/** As a file would have it: a whole number beyond 2^53 keeps its digits. */
function textOf(document: object): string {
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'bigint' ? rawJson(value.toString()) : value,
  );
}

/** Node 24 has it, its types do not. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON: (text: string) => unknown };
