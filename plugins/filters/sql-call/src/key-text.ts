import type { SqlValue } from '@cannectors/kit-sql';

/**
 * Writes a key as a text: 5, 5.0 and '5' alike, and `true` as 1, which is what it is in MySQL and SQLite.
 * `undefined`: it has a null, or digits were lost, so that it could be another key.
 */
export function keyText(key: readonly SqlValue[]): string | undefined {
  const texts: string[] = [];
  for (const value of key) {
    if (value === null || isRounded(value)) return undefined;
    texts.push(String(typeof value === 'boolean' ? Number(value) : value));
  }
  return texts.length === 1 ? texts[0] : JSON.stringify(texts);
}

function isRounded(value: SqlValue): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}
