import type { Fault, Log, OutputBatch, WriteResult } from '@cannectors/core';
import type { FormBatch, Loss } from './form.ts';

/** The words of the log for a loss. */
const words = { build: 'query build error', write: 'database error' };

/** Collects the records of a batch that were not written. */
export interface Losses extends FormBatch {
  /** Says of each record what became of it, unless it ends the batch. */
  log(log: Log): void;
  /** @param isTransaction what ends the batch takes the records before it along */
  result(isTransaction: boolean): WriteResult;
}

export function losses({ items, seq, attempt, failFast, onError }: OutputBatch): Losses {
  const found: Loss[] = [];

  return {
    items,
    failFast,
    isFirst: seq === 0 && attempt === 1,
    lost: (loss) => void found.push(loss),
    hasFailed: () => failFast && found.length > 0,

    log(log) {
      if (failFast) return;
      for (const { index, fault, step } of inOrder(found)) {
        const facts = { record_index: index, error: fault.message, error_category: fault.category };
        if (onError === 'log') log.error(`${words[step]} (continuing)`, facts);
        else log.warn(`skipping record due to ${words[step]}`, facts);
      }
    },

    result(isTransaction) {
      const [first, ...others] = inOrder(found);
      if (first === undefined) return {};
      if (!failFast) return { rejected: [first, ...others].map(rejection) };
      const from = isTransaction ? 0 : first.index + 1;
      const unsent = items.keys().filter((index) => index >= from && index !== first.index);
      return { rejected: [rejection(first)], unsent: [...unsent] };
    },
  };
}

function inOrder(found: readonly Loss[]): Loss[] {
  return found.toSorted((one, other) => one.index - other.index);
}

function rejection({ index, fault }: Loss): { index: number; fault: Fault } {
  return { index, fault };
}
