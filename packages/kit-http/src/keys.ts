import type { JsonRecord } from '@cannectors/core';
import { type RecordPath, recordPath, textOf } from '@cannectors/kit-record';
import type { Keys } from './config.ts';
import { checkName } from './header-value.ts';

export type Key = Keys[number];

/** Why a record has no value for a key. */
export type KeyProblem = 'missing' | 'null' | 'empty';

/** A value of a record on its way into a request. */
export interface KeyValue {
  readonly name: string;
  /** Gives the text; never empty. `0` and `false` are values. */
  read(record: JsonRecord): string;
}

/** The keys of a module, by where they go. */
export interface CompiledKeys {
  readonly path: readonly KeyValue[];
  readonly query: readonly KeyValue[];
  readonly header: readonly KeyValue[];
}

/**
 * Compiles `keys`.
 *
 * @param problem makes the fault of a record without a value, in the words of the plugin
 * @throws `record.forbidden-key`, `http.bad-header`; `read` throws what `problem` makes
 */
export function compileKeys(
  keys: readonly Key[] = [],
  problem: (key: Key, what: KeyProblem) => Error,
): CompiledKeys {
  const compiled: Record<Key['paramType'], KeyValue[]> = { path: [], query: [], header: [] };
  for (const [index, key] of keys.entries()) {
    const path = recordPath(key.field, `/keys/${index}/field`);
    if (key.paramType === 'header') checkName(key.paramName, `/keys/${index}/paramName`);
    compiled[key.paramType].push({
      name: key.paramName,
      read: (record) => keyText(path, record, (what) => problem(key, what)),
    });
  }
  return compiled;
}

function keyText(
  path: RecordPath,
  record: JsonRecord,
  problem: (what: KeyProblem) => Error,
): string {
  const value = path.get(record);
  if (value === undefined) throw problem('missing');
  if (value === null) throw problem('null');
  const text = textOf(value);
  if (text === '') throw problem('empty');
  return text;
}
