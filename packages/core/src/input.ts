import type { Fault } from './fault.ts';
import type { Item } from './item.ts';
import type { Json, JsonRecord } from './json.ts';

/** What an input hands over at once: a page, a delivery, some rows. */
export interface Chunk {
  readonly items: Item[];
  /**
   * Present where reading may resume after this chunk is delivered. Opaque to the kernel; of a
   * cursor input it is what the state file holds: `id`, `timestamp`, `offset`. A chunk without
   * items may carry one.
   */
  readonly checkpoint?: Json;
  /**
   * `true`: a source transaction is open, no batch ends in or after this chunk. `false`: it ends
   * with this chunk. Absent: the source has none, and a batch may end after any record.
   */
  readonly insideTransaction?: boolean;
  /** Known size in bytes; else the kernel estimates it by sampling. */
  readonly bytes?: number;
  /** Records that could not be read. They follow the input's `onError`: `dlq`, else the run fails. */
  readonly unreadable?: readonly Unreadable[];
  /** What every record of it finds under `_metadata`, such as the endpoint that it came to. */
  readonly metadata?: JsonRecord;
  /**
   * Called once, when the fate of these items is known: somebody waits for it (webhook). They stay in
   * one batch. In a pipeline that never ends, what fails is told here after the retries of the modules,
   * and ends nothing else. Without a checkpoint such chunks need not be delivered in order, and
   * without a `batch` block each is under way at once: the input bounds how many there are.
   */
  readonly settled?: (outcome: Outcome) => void;
}

/** Something that should have been a record. `raw` is what stood there. */
export interface Unreadable {
  readonly raw: string;
  readonly fault: Fault;
}

/** The fate of a chunk: delivered, or failed with a fault, and the counts of its records. */
export interface Outcome {
  readonly delivered: boolean;
  readonly fault?: Fault;
  readonly counts: {
    readonly written: number;
    readonly dropped: number;
    readonly failed: number;
    readonly deadLettered: number;
  };
}

/** Where records come from. Only `read` is required. */
export interface Input {
  /** It never ends by itself: a webhook, change capture, a broker. */
  readonly endless?: boolean;
  /**
   * Records are sent to it. A dry run has nobody who sends: `read` gives the records of
   * `Context.delivery` then, and ends.
   */
  readonly receives?: boolean;
  /** Called once before the first `read`; may be called again after a failed run. */
  open?(signal: AbortSignal): Promise<void>;
  /**
   * Reads from a checkpoint, or from the start if there is none.
   *
   * One chunk is asked for at a time, and none while the pipeline is paused or over its memory
   * budget. It ends soon after `signal` aborts. Called once per run.
   */
  read(from: { readonly checkpoint?: Json; readonly signal: AbortSignal }): AsyncIterable<Chunk>;
  /** Told when the pipeline is paused, and when it goes on: meanwhile nothing is asked for. */
  paused?(isPaused: boolean): void;
  /** Confirms to the source that everything up to `checkpoint` is delivered and saved. Idempotent. */
  commit?(checkpoint: Json): Promise<void>;
  /** Releases every resource. May be called twice, and after a failed `open`. */
  close?(): Promise<void>;
}
