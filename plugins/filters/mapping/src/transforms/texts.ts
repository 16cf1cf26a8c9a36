import type { Json } from '@cannectors/core';
import { regularExpression } from '@cannectors/kit-expression/patterns';
import { textOf } from '@cannectors/kit-record';
import type { Transform } from '../config.ts';
import { noPattern } from '../faults.ts';
import type { Change } from './transformer.ts';

/** Takes white space off both ends. */
export function trim(value: Json): Json {
  return typeof value === 'string' ? trimmed(value) : value;
}

/** Next line is white space too: Unicode says so, JavaScript does not. */
function trimmed(text: string): string {
  let rest = text.trim();
  while (rest.startsWith('\u0085')) rest = rest.slice(1).trimStart();
  while (rest.endsWith('\u0085')) rest = rest.slice(0, -1).trimEnd();
  return rest;
}

/** Makes all letters small, the same in every locale. */
export function lowercase(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** Makes all letters capital, the same in every locale. */
export function uppercase(value: Json): Json {
  return typeof value === 'string' ? value.toUpperCase() : value;
}

/** Replaces every match of a pattern. */
export function replace({ pattern = '', replacement = '' }: Transform, pointer: string): Change {
  if (pattern === '') throw noPattern(`${pointer}/pattern`);
  const replaced = regularExpression(pattern, `${pointer}/pattern`).replacer(replacement);
  return (value) => (typeof value === 'string' ? replaced(value) : value);
}

/** Cuts a text into a list of trimmed parts. */
export function split(separator: string): Change {
  return (value) => (typeof value === 'string' ? value.split(separator).map(trimmed) : value);
}

/** Joins a list to a text. */
export function join(separator: string): Change {
  return (value) => (Array.isArray(value) ? value.map(textOf).join(separator) : value);
}
