import { Fault, faultOf } from '@cannectors/core';

/** The target of `set` is a path that nothing can be written to, such as `lines[x]`. */
export function unwritable(error: unknown, record: number): Fault {
  const cause = faultOf(error, 'set.unwritable');
  return new Fault('set.unwritable', `processing record ${record}: ${cause.message}`, {
    category: 'validation',
    ...(cause.hint !== undefined && { hint: cause.hint }),
    pointer: '/target',
    details: { record_index: record },
    cause,
  });
}
