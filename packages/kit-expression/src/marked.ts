import type { JsonRecord } from '@cannectors/core';
import { integersOf } from '@cannectors/kit-record';
import type { Run } from './code.ts';
import { integer } from './kinds.ts';
import type { Node } from './syntax.ts';

/** The index of a loop is an integer by its nature. */
const loopIndex = /^_metadata\.loop\.[^.]+\.index$/;

/** Reads a place of the record, where the record's marks tell integers from doubles. */
export function marked(run: Run, path: string): Run {
  const isIndex = loopIndex.test(path);
  // In a loop scope the root record stands under `record` and has marks of its own.
  const below = path.startsWith('record.') ? path.slice('record.'.length) : undefined;
  return (env, frame) => {
    const value = run(env, frame);
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return value;
    const isInteger =
      isIndex || isMarked(env, path) || (below !== undefined && isMarked(env['record'], below));
    return isInteger ? integer(value) : value;
  };
}

function isMarked(record: unknown, path: string): boolean {
  if (typeof record !== 'object' || record === null) return false;
  return integersOf(record as JsonRecord)?.has(path) === true;
}

/** Gives the record path that a node stands for, if it is one: `lines[0].qty`. */
export function pathOf(node: Node): string | undefined {
  if (node.kind === 'variable') return node.name;
  if (node.kind !== 'member' || node.key.kind !== 'constant') return undefined;
  const target = pathOf(node.target);
  const key = node.key.value;
  if (target === undefined) return undefined;
  if (typeof key === 'string') return `${target}.${key}`;
  return typeof key === 'bigint' && key >= 0n ? `${target}[${key}]` : undefined;
}
