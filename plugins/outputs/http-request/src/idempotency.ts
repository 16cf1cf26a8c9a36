import type { Item } from '@cannectors/core';
import type { Config } from './config.ts';

/** The header that tells a destination of a repeat: a name and a value, or nothing. */
export type Idempotency = (items: readonly Item[]) => readonly string[];

const name = 'Idempotency-Key';
const none: readonly string[] = [];

/**
 * Makes the key of a request from the ids of its records, which are the same after a replay. A header
 * of that name in the config stands as it is.
 */
export function idempotency({ idempotencyKey, headers }: Config): Idempotency {
  const isOwn = Object.keys(headers).some((key) => key.toLowerCase() === name.toLowerCase());
  if (!idempotencyKey || isOwn) return () => none;
  return (items) => {
    const ids = items.map((item) => item.meta.id ?? '');
    const [id = ''] = ids.length === 1 ? ids : [hashOf(ids)];
    return id === '' ? none : [name, id];
  };
}

function hashOf(ids: readonly string[]): string {
  // Not imported: `validate` loads this module, and cryptography is large.
  return process.getBuiltinModule('node:crypto').hash('sha256', ids.join('\n'));
}
