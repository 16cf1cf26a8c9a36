import { isFault } from '../index.ts';
import { deadLetterRate } from './faults.ts';
import { recordId } from './identity.ts';
import type { Letter } from './losses.ts';
import type { DeadLetter } from './plan.ts';
import { backoffMs } from './retry.ts';
import type { RunState } from './state.ts';

/**
 * Makes the way to the dead letters of a run: durable before the batch counts as delivered.
 *
 * An endless pipeline waits until the store takes them; a run that ends fails.
 *
 * @see spec/runtime/dlq.md, sections 4 and 5
 */
export function deadLetters(state: RunState): (letters: readonly Letter[]) => Promise<void> {
  const { options, plan } = state;
  let stored = 0;

  const checkRate = (): void => {
    const { ratio, minRecords } = plan.deadLetter?.maxRate ?? { ratio: 1, minRecords: Infinity };
    const { read } = state.ledger.totals();
    if (read >= minRecords && stored > ratio * read) throw deadLetterRate(stored, read);
  };

  return async (letters) => {
    if (options.deadLetters === undefined) return;
    const entries = letters.map((letter) => entryOf(letter, state));
    stored += letters.length;
    checkRate();
    await state.failpoint('before-dead-letter');
    for (let attempt = 1; ; attempt++) {
      try {
        await options.deadLetters.store(entries);
        break;
      } catch (error) {
        if (!state.endless || !isFault(error) || error.retry === false) throw error;
        options.log.error('dead letters are not stored', { attempt, error: error.message });
        state.waiting++;
        await state
          .wait(backoffMs(error, attempt), state.retrying.signal)
          .finally(() => state.waiting--);
      }
    }
    await state.failpoint('after-dead-letter');
  };
}

function entryOf(letter: Letter, { plan, options }: RunState): DeadLetter {
  const { stage, stageId, batchSeq, item, raw, fault, attempts } = letter;
  const source = item?.meta.id ?? recordId(plan.name, { raw: raw ?? '' });
  return {
    id: `${source}:${stage}:${stageId}`,
    stage,
    stageId,
    batchSeq,
    run: options.run,
    ...(item === undefined ? {} : { record: item.record }),
    ...(raw === undefined ? {} : { raw }),
    fault,
    attempts,
  };
}
