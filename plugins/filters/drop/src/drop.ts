import type { EachFilter } from '@cannectors/core';

/** Drops every record that reaches it. */
export function drop(): EachFilter {
  return { each: () => null };
}
