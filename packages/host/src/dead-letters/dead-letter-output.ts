import { itemOf, type JsonRecord, type Output } from '@cannectors/core';
import type { DeadLetter } from '@cannectors/core/run';
import type { Scrub } from '../scrub.ts';
import type { DeadLetters } from './dead-letter-file.ts';
import { entryOf } from './entry.ts';
import { deadLettersRefused } from './faults.ts';

export interface DeadLetterOutputOptions {
  readonly pipeline: string;
  /** Id of the output. */
  readonly id: string;
  readonly output: Output;
  /** Takes what the output does not; absent with `onFailure: block`. */
  readonly store?: DeadLetters;
  readonly scrub: Scrub;
  readonly now?: () => Date;
}

/**
 * Sends dead letters to an output, an entry a record. They are settled there before their batch
 * counts as delivered, and are never dead letters themselves.
 *
 * @see spec/runtime/dlq.md, section 4
 */
export function deadLetterOutput(options: DeadLetterOutputOptions): DeadLetters {
  const { pipeline, id, output, store, scrub, now = () => new Date() } = options;
  const closing = new AbortController();
  let seq = 0;
  let batches = 0;

  const send = async (letters: readonly DeadLetter[]): Promise<void> => {
    const items = letters.map((letter) => {
      const frame = { pipeline, seq: ++seq, now: now(), scrub };
      return itemOf(entryOf(letter, frame) as unknown as JsonRecord);
    });
    const batch = { items, seq: batches++, attempt: 1, failFast: true };
    const { rejected = [], unsent = [] } = (await output.write(batch, closing.signal)) ?? {};
    const [first] = rejected;
    if (first !== undefined) throw first.fault;
    if (unsent.length > 0) throw new Error(`${unsent.length} of ${items.length} were not sent`);
    await output.flush?.(closing.signal);
  };

  return {
    async open(signal) {
      await output.open?.(signal);
      await store?.open(signal);
    },
    async store(letters) {
      try {
        await send(letters);
      } catch (error) {
        if (store === undefined) throw deadLettersRefused(id, error);
        await store.store(letters);
      }
    },
    async close() {
      closing.abort();
      await output.close?.();
      await store?.close();
    },
  };
}
