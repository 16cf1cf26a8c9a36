import { Fault } from '@cannectors/core';

/** A row breaks the rules of RFC 4180 on quotes. */
export function badQuotes(reason: string): Fault {
  return new Fault('csv.bad-quotes', reason, { category: 'validation' });
}
