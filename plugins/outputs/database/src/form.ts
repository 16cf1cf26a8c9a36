import type { Fault, Item, Output, Preview } from '@cannectors/core';
import type { Address, Session } from '@cannectors/kit-sql';
import type { Unit } from './unit.ts';

/** One of the two ways to write: a statement for each record, or rows in bulk. */
export interface Form {
  /** A batch is one transaction, written with `write`. Otherwise `writeAlone` commits each record. */
  readonly isTransaction: boolean;
  readonly concurrent: NonNullable<Output['concurrent']>;
  /** Sees each batch, in their order. */
  see?(batch: FormBatch): void;
  /** Does what may not be part of a transaction. Called before the one of each batch. */
  prepare?(batch: FormBatch, session: Session, signal: AbortSignal): Promise<void>;
  /**
   * Writes a batch, and reports the records that it could not write.
   *
   * @param unit what is kept or undone as a whole
   * @throws a fault when nothing of the batch is written
   */
  write(batch: FormBatch, session: Session, unit: Unit, signal: AbortSignal): Promise<void>;
  /** The same, each record by itself. */
  writeAlone?(batch: FormBatch, acquire: Acquire, signal: AbortSignal): Promise<void>;
  /** What would be written. Needs no connection. @throws `database.preview-failed` */
  preview(items: readonly Item[], address: PreviewAddress): Preview[];
}

/** Lends a connection. */
export type Acquire = (signal: AbortSignal) => Promise<Session>;

/** Writes a batch and reports its losses. @throws a fault when nothing of it is written */
export type Write = (batch: FormBatch, signal: AbortSignal) => Promise<void>;

/** A batch, and what becomes known of it. */
export interface FormBatch {
  readonly items: readonly Item[];
  /** It is the first one of a run. */
  readonly isFirst: boolean;
  /** The first record that is lost ends the batch. */
  readonly failFast: boolean;
  readonly lost: (loss: Loss) => void;
  /** A record is lost, and with `failFast` the batch. */
  readonly hasFailed: () => boolean;
}

/** A record that was not written. */
export interface Loss {
  /** Its place in the batch. */
  readonly index: number;
  readonly fault: Fault;
  /** `build`: it became no statement and no row, since a value is missing or wrong. */
  readonly step: 'build' | 'write';
}

/** Where a preview says that it would write to. */
export interface PreviewAddress extends Pick<Address, 'driver'> {
  readonly target: string;
}
