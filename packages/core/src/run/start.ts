import type { Json, Log } from '../index.ts';
import type { CheckpointStore, DeadLetterStore, Failpoint, Plan } from './plan.ts';
import type { Progress, RunResult } from './result.ts';

export interface RunOptions {
  /** Id of the run: a UUID. */
  readonly run: string;
  readonly log: Log;
  readonly store: CheckpointStore;
  readonly deadLetters?: DeadLetterStore;
  /** Reads and filters for real, then asks the outputs for previews; writes nothing. */
  readonly dryRun?: {
    readonly maxRecords?: number;
    readonly previewLimit: number;
    readonly showCredentials: boolean;
  };
  readonly retries?: RetryObserver;
  readonly failpoint?: Failpoint;
}

/** A run in progress. */
export interface Run {
  /** Never rejects: a failed run is a result with `status: error`. */
  readonly result: Promise<RunResult>;
  progress(): Progress;
  /** Stops pulling and starting batches; what is in flight completes. */
  pause(): void;
  resume(): void;
  /** Stops pulling, delivers and commits what was pulled; cancels after `graceMs`. */
  stop(graceMs: number): Promise<RunResult>;
  /** Aborts at once, with the fault `run.cancelled`. */
  cancel(reason: string): void;
}

/** Collects what the retries of a pipeline's modules report; one per plan. */
export interface RetryObserver {
  readonly count: number;
  readonly last: Json | undefined;
}

export declare function start(plan: Plan, options: RunOptions): Run;
