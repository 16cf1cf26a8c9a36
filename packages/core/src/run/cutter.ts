import type { Chunk, Item, Json, Outcome } from '../index.ts';
import { transactionTooLarge } from './faults.ts';
import type { Letter } from './losses.ts';
import type { BatchLimits } from './plan.ts';

/** What the kernel delivers, retries and commits as one. */
export interface Batch {
  seq: number;
  items: Item[];
  /** Records that were read into it, before the filters. */
  raw: number;
  bytes: number;
  /** That of its last safe point; a batch without one commits nothing. */
  checkpoint: Json | undefined;
  /** It counts as in flight. */
  isOpen: boolean;
  /** What became of its records, once that is known. */
  counts: Outcome['counts'];
  /** A record of it, or of an earlier one, waits for the next run: its checkpoint is not saved. */
  held: boolean;
  /** Its number among those that went through the filters. */
  pass: number;
  /** So many passes, from the first, have left nothing inside a filter when this batch is delivered. */
  frees: number;
  /** Records of it that filters have taken in, to give something of them later. */
  gathered: number;
  /**
   * Somebody waits for the fate of everything in it, and it moves no position: it need not be saved
   * in order, and its failure ends nothing else.
   */
  isAwaited: boolean;
  /** It is one delivery, which need not wait for those before it. */
  isAlone: boolean;
  /** Chunks that end in it and whose sender waits for their fate. */
  readonly waiters: Chunk[];
  readonly letters: Letter[];
}

export interface CutterLimits extends BatchLimits {
  /** A batch ends where a chunk has a checkpoint, or somebody waits for it. */
  readonly bySafePoint: boolean;
  readonly memoryBytes: number;
  /** Filters hold records from batch to batch: no delivery has a fate of its own. */
  readonly isHeld: boolean;
}

/** Groups chunks into batches, in order. */
export interface Cutter {
  /** @throws `batch.transaction-too-large` */
  add(chunk: Chunk, bytes: number, letters: readonly Letter[]): Batch[];
  /** When the batch that is being built is due, by `performance.now()`; Infinity without one. */
  dueAt(): number;
  /** Ends the batch by age, unless a transaction is open. */
  flushDue(): Batch | undefined;
  /** Ends the last batch. Of a source that was stopped, an open transaction is left out. */
  end(isComplete: boolean): { readonly batch: Batch | undefined; readonly unread: number };
}

/** @see spec/runtime/coordinator.md, section 2 */
export function cutter(limits: CutterLimits): Cutter {
  let seq = 0;
  let building: Batch | undefined;
  let startedAt = 0;
  /** Records up to the last place where the batch may end. */
  let safeLength = 0;

  const open = (): Batch => {
    if (building !== undefined) return building;
    startedAt = performance.now();
    safeLength = 0;
    building = blankBatch(seq++);
    return building;
  };
  const take = (into: Batch[]): void => {
    if (building !== undefined) into.push(building);
    building = undefined;
  };
  const isFull = (batch: Batch): boolean =>
    batch.raw >= limits.maxEvents || batch.bytes >= limits.maxBytes;
  const append = (batch: Batch, items: Item[], bytes: number): void => {
    if (batch.raw === 0) batch.items = items;
    else for (const item of items) batch.items.push(item);
    batch.raw += items.length;
    batch.bytes += bytes;
  };

  const addPieces = (items: Item[], bytes: number, done: Batch[]): void => {
    const each = items.length === 0 ? 0 : bytes / items.length;
    let from = 0;
    while (from < items.length) {
      const batch = open();
      const room = Math.min(
        limits.maxEvents - batch.raw,
        Math.ceil((limits.maxBytes - batch.bytes) / (each || 1)),
      );
      const to = Math.min(items.length, from + Math.max(room, 1));
      append(
        batch,
        from === 0 && to === items.length ? items : items.slice(from, to),
        each * (to - from),
      );
      from = to;
      // The last piece stays open: the checkpoint of the chunk belongs to it.
      if (from < items.length && isFull(batch)) take(done);
    }
  };

  /** @returns the batch in which the chunk ends */
  const fill = (chunk: Chunk, bytes: number, isWhole: boolean, done: Batch[]): Batch => {
    const { items, checkpoint, settled } = chunk;
    const isAwaited = settled !== undefined && checkpoint === undefined && !limits.isHeld;
    const isFirst = building === undefined;
    // Who waits is told once, so what it waits for stays in one batch.
    if (isWhole || isAwaited) append(open(), items, bytes);
    else addPieces(items, bytes, done);
    const batch = open();
    batch.isAwaited = isAwaited && (isFirst || batch.isAwaited);
    batch.isAlone = batch.isAwaited && isFirst && limits.bySafePoint;
    if (settled !== undefined) batch.waiters.push(chunk);
    return batch;
  };

  return {
    add(chunk, bytes, letters) {
      const done: Batch[] = [];
      if (isNothing(chunk) && letters.length === 0) return done;
      const transaction = limits.respectSourceTx ? chunk.insideTransaction : undefined;
      const standsAlone = limits.bySafePoint && chunk.settled !== undefined;
      if (standsAlone && safeLength === building?.raw) take(done);

      const batch = fill(chunk, bytes, transaction !== undefined, done);
      batch.letters.push(...letters);
      if (transaction === true) {
        if (batch.bytes * 2 >= limits.memoryBytes) {
          throw transactionTooLarge(batch.bytes, limits.memoryBytes);
        }
        return done;
      }

      safeLength = batch.raw;
      if (chunk.checkpoint !== undefined) batch.checkpoint = chunk.checkpoint;
      const isSafe = chunk.checkpoint !== undefined && (limits.bySafePoint || batch.raw === 0);
      const isDue = performance.now() >= startedAt + limits.maxMs;
      if (standsAlone || isSafe || isFull(batch) || isDue) take(done);
      return done;
    },
    dueAt: () => (building === undefined ? Infinity : startedAt + limits.maxMs),
    flushDue() {
      if (building === undefined || safeLength < building.raw) return undefined;
      const done: Batch[] = [];
      take(done);
      return done[0];
    },
    end(isComplete) {
      const batch = building;
      building = undefined;
      if (batch === undefined || isComplete) return { batch, unread: 0 };
      const unread = batch.raw - safeLength;
      batch.items.length = safeLength;
      batch.raw = safeLength;
      return {
        batch: safeLength > 0 || batch.checkpoint !== undefined ? batch : undefined,
        unread,
      };
    },
  };
}

/** A batch without records, also made for what filters give at the end. */
export function blankBatch(seq: number): Batch {
  const counts = { written: 0, dropped: 0, failed: 0, deadLettered: 0 };
  return {
    seq,
    items: [],
    raw: 0,
    bytes: 0,
    checkpoint: undefined,
    isOpen: false,
    held: false,
    pass: 0,
    frees: Infinity,
    gathered: 0,
    isAwaited: false,
    isAlone: false,
    counts,
    waiters: [],
    letters: [],
  };
}

function isNothing({ items, checkpoint, settled }: Chunk): boolean {
  return items.length === 0 && checkpoint === undefined && settled === undefined;
}
