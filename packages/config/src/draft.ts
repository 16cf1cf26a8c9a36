import type { Json, JsonRecord } from '@cannectors/core';
import type { SchemaError } from './check.ts';
import { isRecord } from './json.ts';
import type { OptionName } from './options.ts';
import { join, keysOf } from './pointer.ts';
import { onErrorOf, type Role } from './words.ts';

/** A document with its shape taken off: options in the words of the flat shape, modules as written. */
export interface Draft {
  readonly shape: 'flat' | 'spec';
  /** What the pipeline is called: name, tags, labels … */
  readonly identity: JsonRecord;
  /** What the document says, without what is wrong in it, and without defaults. */
  readonly options: JsonRecord;
  readonly input: Written;
  readonly filters: readonly Written[];
  readonly outputs: readonly Written[];
  /** In `deadLetter.target`. */
  readonly deadLetterOutput?: Written;
  /** Where the list of outputs stands. */
  readonly outputsPointer: string;
  /** Where an option stands, or would. */
  pointerOf(option: OptionName): string;
  /** The document says something of it, right or wrong. */
  has(option: OptionName): boolean;
}

/** A module as somebody wrote it. */
export interface Written {
  readonly value: Json;
  readonly pointer: string;
  readonly role: Role;
  /** For messages: `input`, `filter[0]`. */
  readonly label: string;
}

/** The keys of an object, at `at` in a document, that no error speaks of. */
export function soundKeys(
  part: Json | undefined,
  at: string,
  errors: readonly SchemaError[],
): JsonRecord {
  if (!isRecord(part)) return {};
  const depth = keysOf(at).length + 1;
  const wrong = new Set(
    errors.map(({ instancePath }) => join('', ...keysOf(instancePath).slice(0, depth))),
  );
  return Object.fromEntries(Object.entries(part).filter(([key]) => !wrong.has(join(at, key))));
}

/** Takes some keys of an object, as far as it has them. */
export function pick(from: JsonRecord, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

/** Reads the `onError` of a `defaults` block as people write it, in place. */
export function readDefaults(defaults: Json | undefined): void {
  if (!isRecord(defaults) || !Object.hasOwn(defaults, 'onError')) return;
  const word = onErrorOf(defaults['onError']);
  if (word === undefined) delete defaults['onError'];
  else defaults['onError'] = word;
}

/** The modules of a list. What is no list is reported elsewhere. */
export function writtenList(
  list: Json | undefined,
  pointer: string,
  role: 'filter' | 'output',
): Written[] {
  if (!Array.isArray(list)) return [];
  return list.map((value, index) => ({
    value,
    pointer: join(pointer, index),
    role,
    label: `${role}[${index}]`,
  }));
}

/** The output that dead letters go to, if there is one. */
export function writtenTarget(
  value: unknown,
  pointer: string,
): Pick<Draft, 'deadLetterOutput'> | undefined {
  if (value === undefined) return undefined;
  return {
    deadLetterOutput: { value: value as Json, pointer, role: 'dead-letter', label: 'output' },
  };
}
