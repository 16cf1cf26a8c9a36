import { faultOf } from '@cannectors/core';
import type { Bound } from '@cannectors/kit-sql';
import type { FormBatch } from './form.ts';

/** The statements of a batch, and the place in the batch of each. */
export interface Built {
  readonly statements: Bound[];
  readonly places: number[];
}

/**
 * Reports the statements that failed.
 *
 * @param first position of the statement that the first result is of
 */
export function report(
  results: readonly (number | Error)[],
  first: number,
  { places }: Built,
  { lost }: FormBatch,
): void {
  for (let position = 0; position < results.length; position++) {
    const result = results[position];
    if (typeof result === 'number') continue;
    const index = places[first + position] ?? 0;
    lost({ index, fault: faultOf(result, 'OUTPUT_FAILED'), step: 'write' });
  }
}
