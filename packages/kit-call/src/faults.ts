import { Fault } from '@cannectors/core';

/** `mergeStrategy` is `append`, and nothing says under which key. */
export function noResultKey(): Fault {
  return new Fault('call.no-result-key', '`mergeStrategy: append` needs a `resultKey`.', {
    category: 'validation',
    hint: 'Name the key that gets the answer, as in `resultKey: customer`.',
    pointer: '/mergeStrategy',
  });
}

/** An answer has a shape that `mergeStrategy` cannot put into a record. */
export function mergeMismatch(reason: string): Fault {
  return new Fault('call.merge-mismatch', `The answer does not fit: ${reason}.`, {
    category: 'validation',
  });
}

/** Answers were asked for together, and their number is not that of the questions. */
export function wrongCount(asked: number, given: number): Fault {
  return new Fault('call.wrong-count', `${asked} answers were asked for, ${given} came.`, {
    retry: false,
  });
}
