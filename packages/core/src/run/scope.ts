import { faultOf } from '../index.ts';
import { closeFilters } from './chain.ts';
import { type Failure, inputFailure, openingFailure, outputFailure } from './failure.ts';
import { losses } from './losses.ts';
import type { Plan, RunScope } from './plan.ts';

/** Makes what the parts of one plan share. */
export function runScope(): RunScope {
  const rules = { onErrorScope: 'all', endless: false, mayHold: true } as const;
  return {
    retries: { count: 0, last: undefined },
    losses: losses(rules),
    nested: [],
    isOpen: false,
  };
}

/** Opens the outputs, the filters, then the input, unless they are open: a plan is used by many runs. */
export async function openPlan(
  plan: Plan,
  signal: AbortSignal,
  isDryRun: boolean,
): Promise<Failure | undefined> {
  if (plan.scope.isOpen) return undefined;
  for (const [index, stage] of plan.outputs.entries()) {
    if (isDryRun) break;
    try {
      await stage.output.open?.(signal);
    } catch (error) {
      const fault = faultOf(error, 'OUTPUT_FAILED');
      stage.log.error('output module failed to connect', { error: fault.message });
      return outputFailure(plan, index, fault);
    }
  }
  for (const stage of [...plan.filters, ...plan.scope.nested]) {
    try {
      await stage.filter.open?.(signal);
    } catch (error) {
      return openingFailure(stage, faultOf(error, 'FILTER_FAILED'));
    }
  }
  try {
    await plan.input.input.open?.(signal);
  } catch (error) {
    return inputFailure(plan, faultOf(error, 'INPUT_FAILED'));
  }
  plan.scope.isOpen = true;
  return undefined;
}

/** Closes every stage, also when one of them cannot be closed; throws what the first one threw. */
export async function closePlan(plan: Plan): Promise<void> {
  const closing = [
    () => plan.input.input.close?.(),
    () => closeFilters(plan.filters),
    ...plan.outputs.map(
      ({ output }) =>
        () =>
          output.close?.(),
    ),
  ];
  const errors: unknown[] = [];
  for (const close of closing) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  plan.scope.isOpen = false;
  if (errors.length > 0) throw errors[0];
}
