import type { Json, JsonRecord } from './json.ts';

/** Facts about a record that are not part of it and are never sent unless asked for. */
export interface Meta {
  /** Stable over replays. There only if something in the pipeline asked for it. */
  readonly id?: string;
  readonly key?: string;
  /** RFC 3339. */
  readonly timestamp?: string;
  readonly [fact: string]: Json | undefined;
}

/** A record and the facts about it. */
export interface Item {
  record: JsonRecord;
  readonly meta: Meta;
}

const nothing: Meta = Object.freeze({});

/** Makes an item of a record. Items without facts share one empty `meta`. */
export function itemOf(record: JsonRecord, meta: Meta = nothing): Item {
  return { record, meta };
}
