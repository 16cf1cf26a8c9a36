import type { FileHandle } from 'node:fs/promises';
import type { JsonRecord } from '@cannectors/core';

/** How records stand in a file. */
export interface Layout {
  /** Begins an empty file. */
  begin(): Encoder;
  /**
   * Looks at a file that records are added to.
   *
   * @throws `file.other-columns`
   */
  resume(existing: Existing): Promise<Resumed>;
}

/** Writes records as text. Made for one file: it may keep what the first record was like. */
export interface Encoder {
  /** What stands before the first record of an empty file. */
  head(first: JsonRecord | undefined): string;
  /**
   * A record with its line break.
   *
   * @throws the fault that keeps it out of the file
   */
  line(record: JsonRecord): string;
}

/** A file with something in it. */
export interface Existing {
  readonly path: string;
  readonly handle: FileHandle;
  readonly size: number;
}

/** How a file goes on. */
export interface Resumed {
  readonly encoder: Encoder;
  /** Where the last record begins that no line break ends; the size, if there is none. */
  readonly tail: number;
  /** Whether such a record is whole. */
  isWhole(text: string): boolean;
  /** Whether it can be what a crash has left of one of ours. */
  isOurs(text: string): boolean;
}
