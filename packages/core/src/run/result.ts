import type { Category, Json, Preview } from '../index.ts';

export interface Counts {
  readonly records_written: number;
  readonly records_failed: number;
  readonly records_dropped: number;
  readonly records_dead_lettered: number;
}

/** The error of a run, as it is logged and printed. */
export interface RunError {
  /** `INPUT_FAILED`, `FILTER_FAILED`, `OUTPUT_FAILED`, or what the module or the kernel says instead. */
  readonly code: string;
  /** Type of the module. */
  readonly module: string;
  readonly message: string;
  readonly hint?: string;
  readonly details: Readonly<Record<string, Json>>;
  readonly error_category: Category;
  readonly error_type: 'fatal' | 'retryable';
}

/** What one run did. Keys are as they are printed with `--json`. */
export interface RunResult {
  readonly pipeline: string;
  readonly run: string;
  readonly status: 'success' | 'error';
  readonly partial?: true;
  readonly records_read: number;
  readonly records_written: number;
  readonly records_failed: number;
  readonly records_dropped: number;
  readonly records_created?: number;
  readonly records_dead_lettered?: number;
  readonly error_counts?: Readonly<Record<string, number>>;
  readonly outputs?: Readonly<Record<string, Counts>>;
  readonly started_at: string;
  readonly completed_at: string;
  readonly duration_ms: number;
  readonly retry?: RetryReport;
  readonly error?: RunError;
  readonly preview?: readonly OutputPreview[];
  readonly preview_error?: string;
  /** The checkpoint that is saved, or in a dry run would be. */
  readonly checkpoint?: Json;
}

/** The last request of the input or an output that had to be repeated. */
export interface RetryReport {
  readonly attempts: number;
  readonly retries: number;
  readonly delays_ms: readonly number[];
  readonly duration_ms: number;
}

/** What one output would do: a part of a dry run. */
export interface OutputPreview {
  readonly output: string;
  readonly records: number;
  readonly operations: readonly Preview[];
  readonly operations_omitted?: number;
  readonly unsupported?: true;
  readonly error?: string;
}

/** A snapshot of a run in progress, cheap enough for a display. */
export interface Progress {
  readonly phase: 'starting' | 'running' | 'retrying' | 'paused' | 'stopping' | 'done';
  readonly records_read: number;
  readonly records_written: number;
  readonly batches: number;
  readonly retries: number;
  readonly inflight: number;
}
