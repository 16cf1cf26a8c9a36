import type { Fault } from '../index.ts';
import type { DeadLetterPolicy, OnError } from './plan.ts';

/** What an error of a record leads to. `settle` gives it up, `hold` leaves it for the next run. */
export type Verdict = 'fail' | 'settle' | 'hold' | 'store';

export interface VerdictRules {
  readonly onErrorScope: 'all' | 'records';
  readonly deadLetter?: DeadLetterPolicy;
  /** In a pipeline that never ends an outage is waited out, not skipped. */
  readonly endless: boolean;
  /** There is a next run, and it may find records that this one has left. */
  readonly mayHold: boolean;
}

/**
 * Decides what follows from a fault after the module's retries.
 *
 * `skip`, `log` and `dlq` settle bad records; with `onErrorScope: records` they do not hide outages.
 *
 * @see spec/runtime/model.md, section 6.2
 */
export function verdictOn(fault: Fault, onError: OnError, rules: VerdictRules): Verdict {
  if (onError === 'fail' || fault.code === 'run.cancelled') return 'fail';
  const ofRecord = isRecordError(fault);
  const { deadLetter } = rules;
  if (deadLetter !== undefined && (ofRecord || deadLetter.transient)) return 'store';
  if (onError === 'dlq') return 'fail';
  if (ofRecord || rules.onErrorScope === 'all') return 'settle';
  return rules.mayHold ? 'hold' : 'fail';
}

/** Tells an error of the record itself from an outage or from wrong credentials. */
export function isRecordError(fault: Fault): boolean {
  return (
    fault.category === 'validation' ||
    fault.category === 'not_found' ||
    fault.category === 'unknown'
  );
}
