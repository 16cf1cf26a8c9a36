import type { Fault, Log } from '@cannectors/core';
import type { RunError, RunResult } from '@cannectors/core/run';

/** A run that ended before the executor had it: a module could not be built, or the lock is held. */
export interface RefusedRun {
  readonly pipeline: string;
  readonly run: string;
  readonly startedAt: Date;
  readonly fault: Fault;
}

const nothing = {
  records_read: 0,
  records_written: 0,
  records_failed: 0,
  records_dropped: 0,
} as const;

/** Makes its result, and writes the two lines that every run has (D10). */
export function refusedRun({ pipeline, run, startedAt, fault }: RefusedRun, log: Log): RunResult {
  const now = new Date();
  const duration_ms = now.getTime() - startedAt.getTime();
  const error = runError(fault);
  log.info('execution started');
  log.error('execution completed', {
    status: 'error',
    ...nothing,
    duration_ms,
    error: error.message,
    error_code: error.code,
    error_category: error.error_category,
  });
  return {
    pipeline,
    run,
    status: 'error',
    ...nothing,
    started_at: startedAt.toISOString(),
    completed_at: now.toISOString(),
    duration_ms,
    error,
  };
}

function runError({ code, message, hint, category, details }: Fault): RunError {
  const { module } = details;
  const isFatal = /^(authentication|validation|not_found)$/.test(category);
  return {
    code,
    module: typeof module === 'string' ? module : 'kernel',
    message,
    details,
    error_category: category,
    error_type: isFatal ? 'fatal' : 'retryable',
    ...(hint !== undefined && { hint }),
  };
}
