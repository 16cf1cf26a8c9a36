import type { Outcome } from '../index.ts';
import { Fate, type Fates } from './fate.ts';
import { imbalance } from './faults.ts';
import type { Counts } from './result.ts';
import { blankTally, type FilterTally } from './tally.ts';

/** How many records met each fate, per output and in all. */
interface Sheet {
  readonly outputs: readonly number[][];
  readonly totals: number[];
}

/**
 * The book of a run: every record ends as written, dropped, failed or dead-lettered (G2).
 *
 * The kernel counts at the borders of the stages; plugins count nothing.
 */
export interface Ledger {
  read(records: number): void;
  /** Takes back records of a transaction that was dropped whole: they are read again. */
  unread(records: number): void;
  /** Records that could not be read and are stored as dead letters. */
  unreadable(records: number): void;
  filtered(tally: FilterTally): void;
  /** Dead letters of filters that could not be stored: they have failed. */
  unstored(records: number): void;
  /** Closes a batch: one list of fates for each output. What is still pending has failed. */
  closed(fates: readonly Fates[]): Outcome['counts'];
  /** Records that never reached the outputs, because the run failed. */
  abandoned(records: number): void;
  /** What filters have gathered comes to nothing: the run failed before they gave it. */
  ungathered(records: number): void;
  /** Buffering outputs have flushed: what they took is written. */
  flushed(): void;
  /** Buffering outputs were closed without a flush: what they took is lost. */
  unflushed(): void;
  totals(): Counts & { readonly read: number; readonly created: number };
  output(index: number): Counts;
  /** @throws `ledger.imbalance` */
  check(): void;
}

export function ledger(buffers: readonly boolean[]): Ledger {
  const before = blankTally();
  const buffering = buffers.includes(true);
  let read = 0;
  let sheet = blankSheet(buffers.length);
  /** The same, as it stands if what the outputs buffer is lost. */
  let ifLost = buffering ? blankSheet(buffers.length) : sheet;

  const countsOf = (fates: readonly number[]): Counts => ({
    records_written: at(fates, Fate.written),
    records_failed: before.failed + at(fates, Fate.failed),
    records_dropped: before.dropped + at(fates, Fate.dropped),
    records_dead_lettered: before.deadLettered + at(fates, Fate.deadLettered),
  });

  return {
    read: (records) => void (read += records),
    unread: (records) => void (read -= records),
    unreadable(records) {
      read += records;
      before.deadLettered += records;
    },
    filtered(tally) {
      before.created += tally.created;
      before.dropped += tally.dropped;
      before.failed += tally.failed;
      before.deadLettered += tally.deadLettered;
    },
    unstored(records) {
      before.deadLettered -= records;
      before.failed += records;
    },
    closed(fates) {
      const earlier = [...sheet.totals];
      enter(sheet, fates);
      if (buffering) enter(ifLost, fates, buffers);
      const since = (fate: number): number => at(sheet.totals, fate) - at(earlier, fate);
      return {
        written: since(Fate.written),
        dropped: since(Fate.dropped),
        failed: since(Fate.failed),
        deadLettered: since(Fate.deadLettered),
      };
    },
    abandoned: (records) => void (before.failed += records),
    ungathered(records) {
      before.dropped -= records;
      before.failed += records;
    },
    flushed() {
      if (buffering) ifLost = structuredClone(sheet);
    },
    unflushed: () => void (sheet = ifLost),
    totals: () => ({ read, created: before.created, ...countsOf(sheet.totals) }),
    output: (index) => countsOf(sheet.outputs[index] ?? []),
    check() {
      const expected = read + before.created;
      for (const fates of [sheet.totals, ...sheet.outputs]) {
        const counts = countsOf(fates);
        const found =
          counts.records_written +
          counts.records_failed +
          counts.records_dropped +
          counts.records_dead_lettered;
        if (found !== expected) throw imbalance(expected, found);
      }
    },
  };
}

function blankSheet(outputs: number): Sheet {
  return {
    outputs: Array.from({ length: outputs }, () => [0, 0, 0, 0, 0]),
    totals: [0, 0, 0, 0, 0],
  };
}

function enter(sheet: Sheet, fates: readonly Fates[], lost?: readonly boolean[]): void {
  const records = fates[0]?.length ?? 0;
  for (let index = 0; index < records; index++) {
    let worst = 0;
    for (const [output, list] of fates.entries()) {
      const fate = finalFate(list[index] ?? 0, lost?.[output] === true);
      add(sheet.outputs[output] ?? [], fate);
      if (fate > worst) worst = fate;
    }
    add(sheet.totals, worst);
  }
}

function finalFate(fate: number, isLost: boolean): number {
  return fate === Fate.pending || (isLost && fate === Fate.written) ? Fate.failed : fate;
}

function add(counts: number[], fate: number): void {
  counts[fate] = at(counts, fate) + 1;
}

function at(counts: readonly number[], fate: number): number {
  return counts[fate] ?? 0;
}
