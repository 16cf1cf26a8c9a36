import type { OutputModule } from '@cannectors/config';
import type { JsonRecord } from '@cannectors/core';

/**
 * Compiles the `when` of an output: which records it takes. `undefined`: all.
 *
 * @throws a fault of the expression, which points at `/when`
 */
export async function takenBy({
  when,
}: Pick<OutputModule, 'when'>): Promise<((record: JsonRecord) => boolean) | undefined> {
  if (when === undefined) return undefined;
  // Loaded here, so that a pipeline without a condition does not pay for it.
  const { condition } = await import('@cannectors/kit-expression');
  return condition(when, '/when');
}
