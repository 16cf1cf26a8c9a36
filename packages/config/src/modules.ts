import type { JsonRecord } from '@cannectors/core';
import type { Catalog, Manifest, SchemaObject } from './catalog.ts';
import { check } from './check.ts';
import { inherit } from './defaults.ts';
import { type Draft, pick, soundKeys, type Written } from './draft.ts';
import { isRecord } from './json.ts';
import type { Defaults, Module } from './pipeline.ts';
import { join } from './pointer.ts';
import type { Found } from './problems.ts';
import { unknownType } from './unknown-type.ts';
import { type Validator, validatorOf } from './validator.ts';
import { complete, stepLists } from './walk.ts';
import { required, wordingOf, wrongType } from './wording.ts';
import { kindOf, onErrorOf, type Role, words } from './words.ts';

/** What reading a module needs to know of its document. */
export interface Surroundings {
  readonly shape: Draft['shape'];
  readonly catalog: Catalog;
  readonly defaults: Defaults;
  /** What `onError` is where a module does not say it. */
  readonly onErrorFor: (role: Role) => Module['onError'];
  readonly report: (found: Found) => void;
  /** Told of every module, those of nested lists too. */
  readonly see: (seen: SeenModule) => void;
}

/** A module that was read, and what it said itself. */
export interface SeenModule {
  readonly module: Module;
  readonly role: Role;
  /** Its own words, without what is wrong in them. */
  readonly said: JsonRecord;
  readonly manifest?: Manifest;
}

/**
 * Reads a module: its own words, its config against the schema of its plugin, and the lists of steps
 * in it. Reports what is wrong; what comes back is complete where nothing was.
 */
export async function readModule(
  written: Written,
  around: Surroundings,
): Promise<Module | undefined> {
  const { pointer, role } = written;
  if (!isRecord(written.value)) {
    around.report(wrongType(['object'], written.value, pointer));
    return undefined;
  }
  const value = around.shape === 'spec' ? unwrapped(written.value, pointer, around) : written.value;
  const [own, config] = split(value, role);
  const said = readWords(own, role, pointer, around);
  const manifest = manifestOf(own, written, around);
  if (manifest) await readConfig(config, manifest, pointer, around);

  const module: Module = {
    ...said,
    type: typeof own['type'] === 'string' ? own['type'] : '',
    enabled: said['enabled'] !== false,
    onError: (said['onError'] as Module['onError'] | undefined) ?? around.onErrorFor(role),
    config,
    pointer,
    configPointer: value === written.value ? pointer : join(pointer, 'config'),
  };
  around.see({ module, role, said, ...(manifest && { manifest }) });
  return module;
}

/** Options may stand under `config` in a spec document, but none in both places. */
function unwrapped(
  value: JsonRecord,
  pointer: string,
  { report }: Pick<Surroundings, 'report'>,
): JsonRecord {
  if (!Object.hasOwn(value, 'config')) return value;
  const { config, ...beside } = value;
  if (!isRecord(config)) {
    report(wrongType(['object'], config, join(pointer, 'config')));
    return beside;
  }
  for (const key of Object.keys(config)) {
    if (!Object.hasOwn(beside, key)) continue;
    report({
      code: 'config.given-twice',
      pointer: join(pointer, 'config', key),
      onKey: true,
      message: `"${key}" stands both beside \`type\` and under \`config\``,
    });
  }
  return { ...config, ...beside };
}

/** The words of the kernel, and the rest. */
function split(value: JsonRecord, role: Role): [own: JsonRecord, config: JsonRecord] {
  const names = Object.keys(words[role].properties ?? {});
  const own = pick(value, names);
  return [own, Object.fromEntries(Object.entries(value).filter(([key]) => !names.includes(key)))];
}

function readWords(own: JsonRecord, role: Role, pointer: string, around: Surroundings): JsonRecord {
  const { onError, ...rest } = own;
  const word = onErrorOf(onError);
  const read = { ...rest, ...(word !== undefined && { onError: word }) };
  const errors = check(words[role], read);
  for (const found of wordingOf(errors, words[role], read, pointer)) around.report(found);
  return soundKeys(read, '', errors);
}

function manifestOf(
  own: JsonRecord,
  { role, label, pointer }: Written,
  { catalog, report }: Surroundings,
): Manifest | undefined {
  if (!Object.hasOwn(own, 'type')) report(required(['type'], pointer));
  const type = own['type'];
  if (typeof type !== 'string') return undefined;
  const kind = kindOf(role);
  const manifest = catalog.find(kind, type);
  const place = { type, kind, label, pointer: join(pointer, 'type') };
  if (!manifest) report(unknownType(catalog, place));
  return manifest;
}

/** Completes a config in place, then checks it. */
async function readConfig(
  config: JsonRecord,
  manifest: Manifest,
  pointer: string,
  around: Surroundings,
): Promise<void> {
  const plugin = await usable(manifest, pointer, around.report);
  if (!plugin) return;
  const { schema, validate } = plugin;
  inherit(config, schema, around.defaults);
  complete(schema, config);
  const errors = validate(config);
  const lists = stepLists(schema, config);
  // What stands in a list of steps is checked here, step by step.
  const ofOwn = errors.filter(
    ({ instancePath }) => !lists.some((list) => instancePath.startsWith(`${list.pointer}/`)),
  );
  for (const found of wordingOf(ofOwn, schema, config, pointer)) around.report(found);
  for (const { pointer: at, steps } of lists) {
    for (const [index, value] of steps.entries()) {
      const written: Written = {
        value,
        pointer: join(pointer + at, index),
        role: 'filter',
        label: `filter[${index}]`,
      };
      const step = await readModule(written, around);
      if (step) steps[index] = stepOf(step);
    }
  }
}

async function usable(
  manifest: Manifest,
  pointer: string,
  report: (found: Found) => void,
): Promise<{ schema: SchemaObject; validate: Validator } | undefined> {
  try {
    return { schema: manifest.schema(), validate: await validatorOf(manifest) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report({
      code: 'config.plugin-schema',
      pointer: join(pointer, 'type'),
      message: `the schema of ${manifest.package}@${manifest.version} cannot be used: ${reason}`,
    });
    return undefined;
  }
}

/** A step as a plugin is given it: one object again, complete. */
function stepOf(module: Module): JsonRecord {
  const own = pick(module as unknown as JsonRecord, Object.keys(words.filter.properties ?? {}));
  return { ...module.config, ...own };
}

/**
 * Reads a step of a nested list that `resolve` made complete.
 *
 * @param pointer where the step stands in the document
 */
export function nestedModule(step: JsonRecord, pointer: string): Module {
  const [own, config] = split(step, 'filter');
  return { ...(own as unknown as Module), config, pointer, configPointer: pointer };
}
