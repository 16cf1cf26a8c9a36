import type { Plan } from './plan.ts';

/** Whether a batch counts as delivered, by what each output says of it. */
export interface CommitPolicy {
  holds(acknowledged: readonly boolean[]): boolean;
  /** It may still hold, although these outputs have failed. */
  mayHold(failed: readonly boolean[]): boolean;
}

/** @see spec/runtime/coordinator.md, section 5 */
export function commitPolicy({ commitPolicy: policy, outputs }: Plan): CommitPolicy {
  const counts = outputs.map(({ required }) => policy.mode !== 'required' || required);
  const needed = policy.mode === 'quorum' ? policy.quorum : counts.filter(Boolean).length;
  const count = (flags: readonly boolean[], value: boolean): number =>
    flags.filter((flag, index) => flag === value && counts[index]).length;

  return {
    holds: (acknowledged) => count(acknowledged, true) >= needed,
    mayHold: (failed) => count(failed, false) >= needed,
  };
}
