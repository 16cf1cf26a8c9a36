import { isRecord } from './json.ts';

/** Adds keys and list indexes to a JSON Pointer (RFC 6901). */
export function join(pointer: string, ...keys: readonly (string | number)[]): string {
  return keys.reduce<string>(
    (at, key) => `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    pointer,
  );
}

/** Takes a JSON Pointer apart: the empty one, the root, has no keys. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Writes a JSON Pointer for people: `filters[0].mappings[1].target`; the root is `/`. */
export function pathText(pointer: string): string {
  if (pointer === '') return '/';
  return keysOf(pointer).reduce((path, key) => {
    if (/^\d+$/.test(key)) return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** The value at a JSON Pointer; `undefined` where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  return keysOf(pointer).reduce(childOf, document);
}

/**
 * Finds where something of a module really stands. In a spec document an option may be written
 * under `config`: `/spec/sinks/0/endpoint` is found at `/spec/sinks/0/config/endpoint`.
 */
export function locate(document: unknown, pointer: string): string {
  let value = document;
  let found = '';
  for (const key of keysOf(pointer)) {
    let child = childOf(value, key);
    const config = childOf(value, 'config');
    if (child === undefined && childOf(config, key) !== undefined) {
      child = childOf(config, key);
      found = join(found, 'config');
    }
    found = join(found, key);
    value = child;
  }
  return found;
}

function childOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? (value[Number(key)] as unknown) : undefined;
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
