import type { Fault } from './fault.ts';
import type { Item } from './item.ts';

/** What `each` may give back: the item, several (a split), or `null`, which drops it. */
export type Each = Item | Item[] | null;

/** What filters may have that need something open while they work. */
interface Opening {
  /**
   * Called before anything is read, also in a dry run and for a filter in a nested chain. A throw ends
   * the run. It may be called twice.
   */
  open?(signal: AbortSignal): Promise<void>;
  /** May be called twice, and after a failed `open`. */
  close?(): Promise<void> | void;
}

/**
 * Handles one item at a time. It owns the item and may change `record` in place.
 *
 * The kernel knows which item failed, so `onError`, markers and counts need no code here. A filter
 * that throws leaves the record as it was, unless its page says otherwise.
 */
export interface EachFilter extends Opening {
  /** @param index position of the item in the list that this filter was given, from 0 */
  each(item: Item, signal: AbortSignal, index: number): Each | Promise<Each>;
  /**
   * Set by a filter that waits: how many items are in flight at once. Order is kept. A filter
   * without it is run synchronously, fused with its neighbours.
   */
  readonly concurrency?: number;
  /** What an error marker says of a fault, where that is not what the fault says of itself. */
  marked?(fault: Fault): Fault;
}

/** Handles a batch at once. Items that do not come back count as dropped, new ones as created. */
export interface BatchFilter extends Opening {
  /**
   * @param refuse tells of one item that cannot be handled, by its index; `onError` says what follows.
   *   Gives back whether the item goes on: then it belongs to the result. A throw is a fault of all items.
   */
  batch(items: Item[], signal: AbortSignal, refuse: Refuse): Item[] | Promise<Item[]>;
  /**
   * Gives what it still holds, at the end of a run. What it made of a batch may come later, so having
   * it delays every checkpoint until then, or as far as `oldest` says.
   */
  flush?(signal: AbortSignal): Item[] | Promise<Item[]>;
  /**
   * Of the items that it still holds something of, the number of the first: 0 is the first item of the
   * run. `undefined`: it holds nothing. Asked after each batch. Checkpoints before that item are saved.
   */
  oldest?(): number | undefined;
  /** When it wants an empty batch although none came, by `performance.now()`; Infinity: never. */
  dueAt?(): number;
}

/** @returns whether the item goes on */
export type Refuse = (index: number, fault: Fault) => boolean;

export type Filter = EachFilter | BatchFilter;
