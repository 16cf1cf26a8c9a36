import type { Page, Step, Walk } from './pagination/walk.ts';
import type { Found } from './records.ts';

/** A page, and the records in it. */
export interface Fetched {
  readonly page: Page;
  readonly found: Found;
  readonly bytes: number;
}

/** The pages of a walk, one after the other. */
export interface Ahead {
  /** Gives the next page; `undefined` after the last. */
  next(): Promise<Fetched | undefined>;
  /** There would have been more pages than `maxPages`. */
  readonly isCut: boolean;
}

/** Fetches pages, each while the one before is handled: never more than one ahead. */
export function fetchAhead(
  walk: Walk,
  ask: (step: Step) => Promise<Fetched>,
  maxPages: number,
): Ahead {
  let pending: Promise<Fetched | undefined> | undefined;
  let count = 0;
  let isCut = false;

  return {
    async next() {
      const fetched = await (pending ?? ask(walk.first));
      if (fetched === undefined) return undefined;
      pending = after(fetched);
      // Its failure is thrown when it is asked for, which may be never.
      pending.catch(() => {});
      return fetched;
    },
    get isCut() {
      return isCut;
    },
  };

  async function after({ page }: Fetched): Promise<Fetched | undefined> {
    count++;
    const step = walk.next(page);
    isCut = step !== undefined && count >= maxPages;
    return step === undefined || isCut ? undefined : ask(step);
  }
}
