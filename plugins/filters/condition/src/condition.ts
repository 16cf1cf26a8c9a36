import { type Context, type EachFilter, isFault, type JsonRecord } from '@cannectors/core';
import { condition as compiled } from '@cannectors/kit-expression';
import type { Config } from './config.ts';
import { evaluationFailed } from './faults.ts';

export function condition(
  { expression, then, else: otherwise }: Config,
  context: Pick<Context, 'filters'>,
): EachFilter {
  const holds = compiled(expression, '/expression');
  const yes = branch(context, then, '/then');
  const no = branch(context, otherwise, '/else');
  const waiting = [yes, no].flatMap((chain) => chain?.concurrency ?? []);

  return {
    ...(waiting.length > 0 && { concurrency: Math.max(...waiting) }),

    each(item, signal, index) {
      const chain = outcome(item.record, index) ? yes : no;
      // A nested filter is given a list of one record.
      return chain === undefined ? item : chain.each(item, signal, 0);
    },

    async close() {
      await Promise.all([yes?.close?.(), no?.close?.()]);
    },
  };

  function outcome(record: JsonRecord, index: number): boolean {
    try {
      return holds(record);
    } catch (error) {
      throw isFault(error) ? evaluationFailed(expression, error, index) : error;
    }
  }
}

/** A branch without steps lets its records through. */
function branch(
  { filters }: Pick<Context, 'filters'>,
  steps: readonly unknown[],
  pointer: string,
): EachFilter | undefined {
  return steps.length === 0 ? undefined : filters(steps, pointer, { tolerant: true });
}
