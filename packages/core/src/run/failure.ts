import { type Category, type Fault, type Json } from '../index.ts';
import type { FilterFailure } from './losses.ts';
import type { FilterStage, Plan } from './plan.ts';
import type { RunError } from './result.ts';

/** What ended a run, and in which stage. */
export interface Failure {
  readonly stage: 'input' | 'filter' | 'output' | 'kernel';
  readonly module: string;
  readonly fault: Fault;
  readonly details: Readonly<Record<string, Json>>;
  /** Begins the message: `filter module 2 failed: `. */
  readonly lead: string;
}

export function inputFailure(plan: Plan, fault: Fault): Failure {
  return { stage: 'input', module: plan.input.type, fault, details: {}, lead: '' };
}

export function filterFailure(plan: Plan, { stage, fault, index }: FilterFailure): Failure {
  const filterIndex = plan.filters.indexOf(stage);
  return {
    stage: 'filter',
    module: stage.type,
    fault,
    details: { filter_index: filterIndex, record_index: index },
    lead: `filter module ${filterIndex} failed: `,
  };
}

/** A filter could not be opened. */
export function openingFailure({ type, path }: FilterStage, fault: Fault): Failure {
  return { stage: 'filter', module: type, fault, details: { path }, lead: '' };
}

export function outputFailure(plan: Plan, output: number, fault: Fault): Failure {
  const { type = 'output', id = '' } = plan.outputs[output] ?? {};
  const details = plan.outputs.length > 1 ? { output: id } : {};
  return { stage: 'output', module: type, fault, details, lead: '' };
}

/** A failure of the kernel itself: its code stands as it is. */
export function kernelFailure(fault: Fault): Failure {
  return { stage: 'kernel', module: 'kernel', fault, details: {}, lead: '' };
}

/**
 * The failure as users and logs see it.
 *
 * A code in upper case is a word of the module and stands in place of the stage's; a dotted code of a
 * module is found under `details.fault`.
 *
 * @see spec/connectors/execution.md, section 2.3
 */
export function runError({ stage, module, fault, details, lead }: Failure): RunError {
  const keepsCode =
    stage === 'kernel' || isKernelCode(fault.code) || /^[A-Z][A-Z0-9_]*$/.test(fault.code);
  return {
    code: keepsCode ? fault.code : `${stage.toUpperCase()}_FAILED`,
    module,
    message: lead + fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    details: {
      ...details,
      ...fault.details,
      ...(keepsCode ? {} : { fault: fault.code }),
      ...(fault.statusCode === undefined ? {} : { status_code: fault.statusCode }),
    },
    error_category: fault.category,
    error_type: isFatal(fault.category) ? 'fatal' : 'retryable',
  };
}

function isKernelCode(code: string): boolean {
  return /^(batch|dead-letter|filter|ledger|routing|run|state)\./.test(code);
}

function isFatal(category: Category): boolean {
  return category === 'authentication' || category === 'validation' || category === 'not_found';
}
