import type { Json } from '@cannectors/core';
import type { Entry, Transform } from '../config.ts';
import { toArray, toBool, toFloat, toInt, toObject, toText } from './conversions.ts';
import { dateFormat } from './date-format.ts';
import { join, lowercase, replace, split, trim, uppercase } from './texts.ts';

/** Gives another value for one that is not null. */
export type Change = (value: Json) => Json;

/** The operations of a transform list: each is compiled once. */
const makers: Readonly<Record<Transform['op'], (options: Transform, pointer: string) => Change>> = {
  trim: () => trim,
  lowercase: () => lowercase,
  uppercase: () => uppercase,
  replace,
  split: ({ separator }) => split(separator || ','),
  join: ({ separator }) => join(separator || ','),
  toString: () => toText,
  toInt: () => toInt,
  toFloat: () => toFloat,
  toBool: () => toBool,
  toArray: () => toArray,
  toObject: () => toObject,
  dateFormat: ({ format }) => dateFormat(format),
};

/**
 * Compiles a list of transforms to one function, which applies them from left to right.
 *
 * @param pointer where the list stands in the config
 */
export function transformer(transforms: readonly Transform[], pointer: string): Change {
  const changes = transforms.map((transform, index) =>
    makers[transform.op](transform, `${pointer}/${index}`),
  );
  return changes.reduce<Change | undefined>(after, undefined) ?? ((value) => value);
}

function after(first: Change | undefined, second: Change): Change {
  return first === undefined ? second : (value) => second(first(value));
}

const conversions: ReadonlySet<Transform['op']> = new Set([
  'toString',
  'toInt',
  'toFloat',
  'toBool',
  'toArray',
  'toObject',
] as const);

/** Tells whether what an entry writes is an integer: no other conversion comes after `toInt`. */
export function givesInteger({ source, transforms }: Entry): boolean {
  return (
    source !== undefined && transforms.findLast(({ op }) => conversions.has(op))?.op === 'toInt'
  );
}
