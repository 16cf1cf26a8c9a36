import { Fault } from '@cannectors/core';
import { reasonOf } from '../reason-of.ts';

/** The queue of dead letters holds `maxEntries`. With `block` it waits for room, with `fail` it does not. */
export function deadLettersFull(file: string, maxEntries: number, retry: boolean): Fault {
  return new Fault(
    'dead-letter.full',
    `The dead letters in \`${file}\` are ${maxEntries}, and no more are kept.`,
    {
      retry,
      hint: 'Look at them and remove what is settled, or raise `deadLetter.maxEntries`.',
    },
  );
}

/** The file of dead letters cannot be written, so the batch is not delivered. */
export function deadLettersUnwritable(file: string, cause: unknown): Fault {
  return new Fault(
    'dead-letter.unwritable',
    `The dead letters cannot be kept in \`${file}\`: ${reasonOf(cause)}.`,
    { retry: true, hint: 'Make the folder writable.', cause },
  );
}

/** A line of the file of dead letters is damaged. */
export function deadLettersUnreadable(file: string, line: number, cause: unknown): Fault {
  return new Fault(
    'dead-letter.unreadable',
    `Line ${line} of \`${file}\` cannot be read: ${reasonOf(cause)}. Repair it, or delete the line.`,
    { category: 'validation', cause },
  );
}

/** The output that dead letters go to did not take them. */
export function deadLettersRefused(output: string, cause: unknown): Fault {
  return new Fault(
    'dead-letter.not-delivered',
    `The output \`${output}\` did not take the dead letters: ${reasonOf(cause)}.`,
    { retry: true, hint: 'Repair that output, or set `onFailure: store`.', cause },
  );
}
