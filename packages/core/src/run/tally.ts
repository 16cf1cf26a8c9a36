/** What the filters did with the records of a batch. */
export interface FilterTally {
  created: number;
  dropped: number;
  failed: number;
  deadLettered: number;
  /** Per filter: records that went in and did not come out; negative where more came out. */
  readonly left: number[];
  /** Per filter that handles batches: records that went in. */
  readonly entered: number[];
  /** Of those dropped: taken in by a filter that may give something of them later. */
  gathered: number;
}

export function blankTally(): FilterTally {
  return { created: 0, dropped: 0, failed: 0, deadLettered: 0, left: [], entered: [], gathered: 0 };
}

/** Of n records that came out of one, n - 1 are created; none is one dropped. */
export function split(tally: FilterTally, filter: number, parts: number): void {
  if (parts === 0) tally.dropped++;
  else tally.created += parts - 1;
  tally.left[filter] = (tally.left[filter] ?? 0) + 1 - parts;
}

/**
 * Enters the records that filters failed on. Each was counted as dropped where it happened; inside a
 * nested chain that was a drop, or a missing part, of the filter around it. It must count once.
 */
export function absorb(tally: FilterTally, failed: number, deadLettered: number): void {
  const lost = failed + deadLettered;
  const seenAsDropped = Math.min(lost, tally.dropped);
  tally.dropped -= seenAsDropped;
  tally.created += lost - seenAsDropped;
  tally.failed += failed;
  tally.deadLettered += deadLettered;
}
