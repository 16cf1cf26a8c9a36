import type { EachFilter } from './filter.ts';
import type { Json } from './json.ts';

/** Facts beside a message. Keys are snake_case, durations are milliseconds. */
export type LogFields = Readonly<Record<string, Json | undefined>>;

/** A static message and fields. The kernel adds `pipeline`, `run`, `module`. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A stream of text, as far as an output needs one. `process.stdout` and `process.stderr` are such. */
export interface TextStream {
  /** `done` is called when the text is handed on, with the error (`EPIPE`) when nobody reads any more. */
  write(text: string, done: (error?: Error | null) => void): unknown;
  /** It is a terminal, `columns` wide. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the host lends to a plugin. */
export interface Context {
  readonly log: Log;
  readonly pipeline: { readonly name: string };
  readonly dryRun: boolean;
  /** A dry run with `allowSideEffects: false`: calls that may write are not made. */
  readonly readOnly: boolean;
  /** In a dry run of an input that `receives`: the body of the one delivery that is looked at. */
  readonly delivery?: Uint8Array;
  /** Set for a filter in a nested chain: it is given one record at a time, of those that its parent has. */
  readonly nested?: true;
  /** Bytes: the largest record an input may hand over, and the size of a page that suits the budget. */
  readonly limits: { readonly maxRecordBytes: number; readonly maxPageBytes: number };
  /**
   * Runs a task under the module's `retry` policy: a fault whose `retry` is true is tried again
   * after the back-off, one with a number after so many milliseconds. Throws the last fault.
   *
   * @param task gets the number of the attempt, from 1
   */
  retry<T>(task: (attempt: number) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Builds a nested chain of filter steps, which inherit `defaults`. It has a `concurrency` where a
   * step of it waits; without, it is synchronous.
   *
   * @param pointer where the list stands in this module's config
   * @param options `tolerant`: while this module's `onError` is `skip` or `log`, a step that fails is
   *   passed over, and the record goes on as it is; otherwise its fault leaves the chain
   */
  filters(
    steps: readonly unknown[],
    pointer: string,
    options?: { readonly tolerant?: boolean },
  ): EachFilter;
  /** Absolute path of a file that the pipeline names: beside the pipeline file, else in the working folder. */
  file(path: string): string;
  /** Absolute path of the state folder of the pipeline. Not made yet: make it on first use. */
  readonly storage: string;
  /**
   * Where an output whose `stdout` is true prints its records: `process.stdout`, but
   * `process.stderr` under `--json`. Whoever lends it listens for its `error` events, which come
   * beside those of `write`.
   */
  readonly stdout: TextStream;
}
