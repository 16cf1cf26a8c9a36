import type { Json } from '@cannectors/core';
import type { Cell } from './cells.ts';
import { sizeBound } from './parameters.ts';

/**
 * Rows of one statement. Each size is a statement that the server prepares, so there are few, and those
 * that batches are usually made of. More than a thousand made nothing faster.
 */
const sizes = [1000, 500, 250, 100, 50, 20, 10, 5, 2, 1] as const;
/** The protocol counts placeholders in two bytes. */
const mostPlaceholders = 65_535;

/** Some rows for one statement. */
export interface Batch {
  readonly count: number;
  readonly values: readonly unknown[];
  /** It certainly fits; a single large row may not. */
  readonly isSmall: boolean;
}

/**
 * Cuts rows into batches that fit into `maxPacket`.
 *
 * @param fixed bytes of the statement beside its rows
 */
export function* batchesOf(
  rows: readonly (readonly Json[])[],
  cells: readonly Cell[],
  fixed: number,
  maxPacket: number,
): Generator<Batch> {
  const most = Math.max(1, Math.floor(mostPlaceholders / cells.length));
  const rowBytes = cells.length * 2 + 3;
  for (let at = 0; at < rows.length;) {
    const wanted = sizeUpTo(Math.min(most, rows.length - at));
    const values: unknown[] = [];
    let bytes = fixed;
    let fitting = 0;
    while (fitting < wanted) {
      const row = rows[at + fitting] ?? [];
      bytes += rowBytes;
      for (let column = 0; column < cells.length; column++) {
        const value = cells[column]?.(row[column] ?? null);
        values.push(value);
        bytes += sizeBound(value);
      }
      if (bytes > maxPacket && fitting > 0) break;
      fitting++;
    }
    const count = fitting === wanted ? wanted : sizeUpTo(fitting);
    values.length = count * cells.length;
    yield { count, values, isSmall: bytes <= maxPacket };
    at += count;
  }
}

function sizeUpTo(most: number): number {
  return sizes.find((size) => size <= most) ?? 1;
}
