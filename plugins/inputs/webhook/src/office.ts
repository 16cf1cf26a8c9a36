import type { Chunk, Item, Outcome } from '@cannectors/core';
import type { Endpoint } from './endpoint.ts';
import type { Refusal } from './refusal.ts';
import type { Facts } from './spool/entry.ts';

/** A request that passed every check. */
export interface Delivery {
  readonly endpoint: Endpoint;
  readonly items: Item[];
  readonly body: Buffer;
  readonly facts: Facts;
}

/** Whoever waits for the answer to a delivery. */
export interface Sender {
  accepted(counts?: Outcome['counts']): void;
  refused(refusal: Refusal, retryAfterMs?: number): void;
}

/** Where deliveries go: straight into the pipeline, or into a queue. */
export interface Office {
  open(): Promise<void>;
  /** It takes nothing at the moment. */
  isClosed(): boolean;
  /** Tells the sender once what becomes of its delivery. */
  take(delivery: Delivery, sender: Sender): Ticket;
  read(signal: AbortSignal): AsyncIterable<Chunk>;
  paused(isPaused: boolean): void;
  close(): Promise<void>;
}

/** What a sender holds while it waits. */
export interface Ticket {
  /** Takes the delivery back, if nobody has begun with it. */
  withdraw(): boolean;
}
