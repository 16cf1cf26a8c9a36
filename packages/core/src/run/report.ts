import type { LogFields } from '../index.ts';
import type { Json } from '../index.ts';
import { runError } from './failure.ts';
import type { Counts, OutputPreview, RunResult } from './result.ts';
import type { RunState } from './state.ts';

/** Makes the result of a run from its books. */
export function resultOf(
  state: RunState,
  startedAt: Date,
  durationMs: number,
  checkpoint: Json | undefined,
  preview: OutputPreview[] | undefined,
): RunResult {
  const { plan, options, ledger, losses, failure } = state;
  const totals = ledger.totals();
  const errorCounts = Object.fromEntries(losses.errorCounts);
  const previewError = preview?.find(({ error }) => error !== undefined)?.error;
  return {
    pipeline: plan.name,
    run: options.run,
    status: failure === undefined ? 'success' : 'error',
    ...(state.partial && failure === undefined ? { partial: true as const } : {}),
    records_read: totals.read,
    records_written: totals.records_written,
    records_failed: totals.records_failed,
    records_dropped: totals.records_dropped,
    ...(totals.created === 0 ? {} : { records_created: totals.created }),
    ...(totals.records_dead_lettered === 0
      ? {}
      : { records_dead_lettered: totals.records_dead_lettered }),
    ...(losses.errorCounts.size === 0 ? {} : { error_counts: errorCounts }),
    ...(plan.outputs.length < 2 ? {} : { outputs: outputCounts(state) }),
    started_at: startedAt.toISOString(),
    completed_at: new Date(startedAt.getTime() + durationMs).toISOString(),
    duration_ms: durationMs,
    ...(plan.scope.retries.last === undefined ? {} : { retry: plan.scope.retries.last }),
    ...(failure === undefined ? {} : { error: runError(failure) }),
    ...(preview === undefined ? {} : { preview }),
    ...(previewError === undefined ? {} : { preview_error: previewError }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
}

function outputCounts({ plan, ledger }: RunState): Record<string, Counts> {
  return Object.fromEntries(plan.outputs.map(({ id }, index) => [id, ledger.output(index)]));
}

/** Writes the end of a run: metrics after a success, then the one `execution completed` (D10). */
export function logEnd(result: RunResult, { options, durations }: RunState): void {
  const { log } = options;
  const counts: LogFields = {
    records_read: result.records_read,
    records_written: result.records_written,
    records_failed: result.records_failed,
    records_dropped: result.records_dropped,
    records_created: result.records_created,
    records_dead_lettered: result.records_dead_lettered,
  };
  if (result.error_counts !== undefined) {
    log.warn('records carry error markers from filters running in log mode', {
      error_counts: result.error_counts,
    });
  }
  if (result.status === 'success') {
    const { records_read: records, duration_ms: ms } = result;
    log.info('execution metrics', {
      input_duration_ms: Math.round(durations.input),
      filter_duration_ms: Math.round(durations.filter),
      output_duration_ms: Math.round(durations.output),
      records_per_second: Math.round((records * 1000) / Math.max(ms, 1)),
      avg_record_ms: records === 0 ? 0 : Number((ms / records).toFixed(3)),
      ...counts,
    });
  }
  const { error } = result;
  log[error === undefined ? 'info' : 'error']('execution completed', {
    status: result.status,
    ...counts,
    duration_ms: result.duration_ms,
    partial: result.partial,
    outputs: result.outputs as unknown as LogFields[string],
    error: error?.message,
    error_code: error?.code,
    error_category: error?.error_category,
  });
}
