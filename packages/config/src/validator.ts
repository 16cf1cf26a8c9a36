import type { Manifest } from './catalog.ts';
import type { SchemaError } from './check.ts';

/** Gives what is wrong with a config. It changes nothing. */
export type Validator = (config: unknown) => readonly SchemaError[];

interface Compiled {
  (value: unknown): unknown;
  errors?: readonly SchemaError[] | null;
}

const known = new WeakMap<Manifest, Promise<Validator>>();

/**
 * The validator of a plugin's schema: the one that its package was built with, else one compiled
 * now, once per plugin. Only then is Ajv imported.
 */
export function validatorOf(manifest: Manifest): Promise<Validator> {
  const found = known.get(manifest) ?? load(manifest);
  known.set(manifest, found);
  return found;
}

async function load(manifest: Manifest): Promise<Validator> {
  const compiled = (await built(manifest)) ?? (await import('./ajv.ts')).compile(manifest.schema());
  return (config) => (compiled(config) === true ? [] : (compiled.errors ?? []));
}

/** A package may give the function, or the module that holds it. */
async function built(manifest: Manifest): Promise<Compiled | undefined> {
  const given: unknown = await manifest.validator?.();
  const inner =
    typeof given === 'object' && given !== null && 'default' in given ? given.default : given;
  return typeof inner === 'function' ? (inner as Compiled) : undefined;
}
