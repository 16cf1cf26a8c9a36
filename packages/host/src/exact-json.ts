import type { Json } from '@cannectors/core';

// TypeScript does not know it yet.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Parses JSON; whole numbers beyond 2^53 become `bigint`, so that no digit is lost. */
export function parseExact(text: string): Json {
  return JSON.parse(text, exact) as Json;
}

/** Writes JSON; a `bigint` is written as a number with all its digits. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? rawJSON(item.toString()) : item,
  );
}

function exact(
  _key: string,
  value: unknown,
  { source }: { readonly source?: string } = {},
): unknown {
  const isExact = typeof value !== 'number' || Number.isSafeInteger(value);
  return isExact || source === undefined || !/^-?\d+$/.test(source) ? value : BigInt(source);
}
