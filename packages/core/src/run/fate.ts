/**
 * What became of a record at an output. The order is the order of badness: with several outputs
 * a record counts once, by its worst fate.
 *
 * @see spec/runtime/model.md, section 6.1
 */
export const Fate = { pending: 0, dropped: 1, written: 2, deadLettered: 3, failed: 4 } as const;

/** The fates of a batch at one output, by index of the record. */
export type Fates = number[];

/** Fates that are open. A plain list: a typed array costs more than a small batch. */
export function pendingFates(records: number): Fates {
  const fates: Fates = [];
  for (let index = 0; index < records; index++) fates.push(Fate.pending);
  return fates;
}
