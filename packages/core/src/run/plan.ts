import type { Fault, Filter, Input, Json, JsonRecord, Log, Output } from '../index.ts';
import type { Losses } from './losses.ts';
import type { RetryReport } from './result.ts';

export type OnError = 'fail' | 'skip' | 'log' | 'dlq';

interface Stage {
  /** The type, as in the document. */
  readonly type: string;
  /** Where it stands, for people: `filters[2]`. */
  readonly path: string;
  readonly onError: OnError;
  readonly log: Log;
}

export interface InputStage extends Stage {
  readonly input: Input;
}

export interface FilterStage extends Stage {
  readonly filter: Filter;
  /** What `onError: log` does with a record (plugin.ts), after `errorMarkers` was applied. */
  readonly logged: 'mark' | 'keep' | 'drop';
  /** What the log calls a failure of it: `mapping error`. */
  readonly failure: string;
}

export interface OutputStage extends Stage {
  readonly id: string;
  readonly required: boolean;
  /** Which records it takes; a throw is a record error of this output. */
  readonly when?: (record: JsonRecord) => boolean;
  readonly output: Output;
}

export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxMs: number;
  readonly respectSourceTx: boolean;
  readonly maxInflight: number;
}

/** Everything that a run needs, built once and used by every run of a pipeline. */
export interface Plan {
  readonly name: string;
  readonly input: InputStage;
  readonly filters: readonly FilterStage[];
  readonly outputs: readonly OutputStage[];
  readonly routing: 'all' | 'first-match';
  readonly unmatched: 'fail' | 'drop' | 'dlq';
  /** Absent: the defaults of the kind of input (run-sized, or 2000 records / 16 MiB / 50 ms). */
  readonly batch?: BatchLimits;
  readonly commitPolicy:
    | { readonly mode: 'all' | 'required' }
    | { readonly mode: 'quorum'; readonly quorum: number };
  /** `skip` and `log` settle every failure (`all`), or only those of the record itself (`records`). */
  readonly onErrorScope: 'all' | 'records';
  readonly deadLetter?: DeadLetterPolicy;
  /** Bound on one attempt of one output with one batch. */
  readonly outputDeadlineMs?: number;
  readonly memory: { readonly maxBytes: number; readonly maxRecordBytes: number };
  readonly checkpointIntervalMs: number;
  /** Shared by the plan and what was built for it: nested chains, retries. */
  readonly scope: RunScope;
}

/** What the parts of a plan share while a run is on. Made by `runScope`, one for each plan. */
export interface RunScope {
  readonly retries: RetryMeter;
  losses: Losses;
  /** The filters of all nested chains. */
  readonly nested: FilterStage[];
  /** Its stages are open. */
  isOpen: boolean;
}

/** Retries of the run so far, and the last request that had to be repeated. */
export interface RetryMeter {
  count: number;
  last: RetryReport | undefined;
}

export interface DeadLetterPolicy {
  /** Outages may be stored too. */
  readonly transient: boolean;
  /** Safety valve: the run fails when more than `ratio` of at least `minRecords` are stored. */
  readonly maxRate: { readonly ratio: number; readonly minRecords: number };
}

/** Where a pipeline keeps its checkpoint. `save` is all or nothing, and durable when it returns (G4). */
export interface CheckpointStore {
  /** @throws `state.unreadable`, `state.unwritable`: called before anything is fetched */
  load(): Promise<Json | undefined>;
  save(checkpoint: Json): Promise<void>;
}

/** Where records that cannot be delivered are kept. Durable when `store` returns. */
export interface DeadLetterStore {
  store(letters: readonly DeadLetter[]): Promise<void>;
}

export interface DeadLetter {
  /** `{record id}:{stage}:{output}`: the same after a replay. */
  readonly id: string;
  readonly stage: 'input' | 'filter' | 'output';
  /** Path of the module, or id of the output. */
  readonly stageId: string;
  readonly batchSeq: number;
  readonly run: string;
  readonly record?: JsonRecord;
  readonly raw?: string;
  readonly fault: Fault;
  readonly attempts: number;
}

export interface RetryPolicy {
  /** Number of retries: requests in total are one more. */
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly backoffMultiplier: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
}

/** A place where a test may stop or kill the process (reliability.md, section 3). */
export type Failpoint = (name: FailpointName) => void | Promise<void>;

export type FailpointName =
  | 'after-pull'
  | 'in-filter'
  | 'before-send'
  | 'after-send'
  | 'before-dead-letter'
  | 'after-dead-letter'
  | 'before-save'
  | 'after-save'
  | 'before-confirm';
