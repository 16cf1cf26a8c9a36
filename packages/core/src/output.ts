import type { Fault } from './fault.ts';
import type { Item } from './item.ts';
import type { Json } from './json.ts';

/** What an output is asked to deliver. It changes nothing of it: other outputs see the same items. */
export interface OutputBatch {
  readonly items: readonly Item[];
  /** Number of the batch in the run, from 0. */
  readonly seq: number;
  /** 1 for the first try of the kernel. */
  readonly attempt: number;
  /** The first rejected record ends the batch (`onError: fail`): the rest may be left unsent. */
  readonly failFast: boolean;
  /** What follows a rejected record, for the words of a log. Absent: nobody has asked. */
  readonly onError?: 'fail' | 'skip' | 'log' | 'dlq';
}

/** A record that the destination did not take: an index into the batch as it was given. */
export interface Rejection {
  readonly index: number;
  readonly fault: Fault;
}

/** Without a `failure`, everything that is named in neither list was accepted durably. */
export interface WriteResult {
  readonly rejected?: readonly Rejection[];
  /** Indexes of records that were never tried, because `failFast` ended the batch. */
  readonly unsent?: readonly number[];
  /** Nothing of the batch was accepted, and it fails whatever `onError` says: it was not committed. */
  readonly failure?: Fault;
}

/** What an output would do, for a dry run. Keys are as they are printed. */
export interface Preview {
  readonly kind?: 'http' | 'sql' | 'text';
  readonly title: string;
  readonly record_count?: number;
  readonly http?: {
    readonly endpoint: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body_preview?: string;
  };
  readonly sql?: Readonly<Record<string, Json>>;
  readonly detail?: Json;
}

/**
 * The checkpoint of a pipeline, kept in the destination: in the transaction of the records, so that
 * after any crash both are there or neither is.
 */
export interface CheckpointKeeper {
  /** What is kept for this pipeline. Asked after `open`, before anything is read. */
  load(signal: AbortSignal): Promise<KeptCheckpoint | undefined>;
  /** Commits what was written since the last call, together with a checkpoint. */
  save(kept: KeptCheckpoint, signal: AbortSignal): Promise<void>;
}

export interface KeptCheckpoint {
  readonly checkpoint: Json;
  /** The one that it replaces: what the state file holds until it is written again. */
  readonly previous: Json;
}

/** Where records go. Only `write` is required. */
export interface Output {
  /** Its records go to stdout, so the log moves to stderr. */
  readonly stdout?: boolean;
  /**
   * What it writes counts only as a whole, when the run ends: `flush` is called once, then, and no
   * checkpoint is saved before. An input without an end cannot feed it: `output.whole-run`.
   */
  readonly wholeRun?: boolean;
  /** It sends ids (`meta.id`), so the kernel makes them when records are read. */
  readonly needsIds?: boolean;
  /**
   * It keeps the checkpoint of the pipeline: `write` only writes, `save` commits. It has to be the only
   * output, and it gets one batch at a time. A `close` without `save` gives up what was written.
   */
  readonly checkpoints?: CheckpointKeeper;
  /**
   * Several writes may be under way at once. With `deliveries` those that somebody waits for
   * (`Chunk.settled`) don't queue behind each other, but batches with a place in an order still do;
   * with `batches` these may overtake each other too, as many as `batch.maxInflight` lets come (G3).
   */
  readonly concurrent?: 'deliveries' | 'batches';
  /** Called once before anything is fetched, never in a dry run. */
  open?(signal: AbortSignal): Promise<void>;
  /**
   * Delivers a batch. Returning says that the destination has confirmed it, but for what the
   * result names; throwing says that nothing is known to be delivered.
   */
  write(batch: OutputBatch, signal: AbortSignal): Promise<void | WriteResult>;
  /**
   * Having it means that the output buffers: what was written counts as delivered only after this.
   * Called before a save, and at the end of a run that ends; never in a failed one.
   */
  flush?(signal: AbortSignal): Promise<void>;
  /** Says what `write` would do. Touches nothing; masks credentials unless told otherwise. */
  preview?(
    batch: OutputBatch,
    options: { readonly showCredentials: boolean },
  ): Preview[] | Promise<Preview[]>;
  /** Releases every resource. May be called twice, and after a failed `open`. */
  close?(): Promise<void>;
}
