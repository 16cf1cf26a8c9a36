import { Fault } from '@cannectors/core';

/** The expression has no value for a record, for instance because a field is missing. */
export function evaluationFailed(expression: string, cause: Fault, record: number): Fault {
  return new Fault(
    'EVALUATION_FAILED',
    `condition evaluation failed at record ${record}: ${cause.message}`,
    {
      ...(cause.hint !== undefined && { hint: cause.hint }),
      pointer: '/expression',
      details: { expression, underlying_error: cause.message, record_index: record },
      cause,
    },
  );
}
