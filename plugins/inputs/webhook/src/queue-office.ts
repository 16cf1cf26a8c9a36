import {
  type Chunk,
  type Fault,
  faultOf,
  type Item,
  type Log,
  type Outcome,
} from '@cannectors/core';
import { isOfRecords, logOutcome } from './direct-office.ts';
import type { Endpoint } from './endpoint.ts';
import { noLongerReadable } from './faults.ts';
import type { Delivery, Office, Sender } from './office.ts';
import { withIds } from './record-ids.ts';
import { refusals } from './refusal.ts';
import type { Entry, Store } from './spool/entry.ts';

export interface QueueOptions {
  readonly size: number;
  readonly maxConcurrent: number;
  readonly acceptsWhilePaused: boolean;
  readonly store: Store;
  /** Where the deliveries come from, as part of the ids of records. */
  readonly source: string;
  readonly endpoints: readonly Endpoint[];
  readonly log: Log;
  /** A delivery is given up whose key is remembered. */
  readonly onFailed: (key: string) => void;
}

interface Waiting {
  readonly entry: Entry;
  /** Its records, if its turn comes soon: those that wait for long are read again. */
  items?: Item[];
  attempts: number;
  /** Why it was given up: it goes to the dead letters, where the input says so. */
  fault?: Fault;
}

/** How long the queue is worked on after the pipeline was told to stop. */
const drainMs = 20_000;
/** How many deliveries at the head of the queue keep their records in memory. */
const soonCount = 64;
/** What a crash may repeat beside what is in work. */
const maxFinishing = 16;
const backoff = { baseMs: 200, capMs: 30_000 };

/**
 * Stores deliveries, answers, and hands them to the pipeline in order, some at a time.
 *
 * An outage is waited out: the delivery stays at the head of the queue. One that fails because of its
 * records leaves it.
 *
 * @see spec/connectors/webhook.md, section 6
 */
export function queueOffice(options: QueueOptions): Office {
  const { size, maxConcurrent, acceptsWhilePaused, store, log } = options;
  const endpoints = new Map(options.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  /** In the order of arrival. */
  const waiting: Waiting[] = [];
  let storing = 0;
  let inWork = 0;
  /** Delivered, but the next process would not know it yet. */
  let finishing = 0;
  let isPaused = false;
  let isStopping = false;
  let isClosed = false;
  /** Failures after which nothing is handed over for a while. */
  let resting = 0;
  let isLate = false;
  let wake: (() => void) | undefined;

  const change = (): void => {
    wake?.();
    wake = undefined;
  };
  const changed = (): Promise<void> => new Promise((resolve) => void (wake = resolve));
  const putBack = (one: Waiting): void => {
    const last = waiting.at(-1)?.entry.sequence ?? 0;
    if (last < one.entry.sequence) return void waiting.push(one);
    const behind = waiting.findIndex(({ entry }) => entry.sequence > one.entry.sequence);
    waiting.splice(behind, 0, one);
  };
  const rest = (ms: number): void => {
    resting++;
    const goOn = (): void => {
      resting--;
      change();
    };
    setTimeout(goOn, ms).unref();
  };

  const finish = async (entry: Entry): Promise<void> => {
    finishing++;
    await store.done(entry).catch((error: unknown) => {
      log.error('delivery is not noted as done', { error: (error as Error).message });
    });
    finishing--;
    change();
  };
  const settle = (one: Waiting, outcome: Outcome, started: number, items: Item[]): void => {
    const { entry } = one;
    inWork--;
    if (outcome.delivered || one.fault !== undefined) {
      void finish(entry);
      logOutcome(log, { facts: entry.facts, items }, outcome, started);
    } else if (isOfRecords(outcome.fault)) {
      const { key } = entry.facts;
      if (key !== undefined) options.onFailed(key);
      // Once more, as something that cannot be read: the kernel knows whether it is to be stored.
      if (outcome.fault !== undefined) one.fault = outcome.fault;
      putBack(one);
    } else {
      one.attempts++;
      putBack(one);
      const delay = delayOf(outcome.fault, one.attempts);
      rest(delay);
      log.warn('delivery is tried again', {
        ...entry.facts,
        attempt: one.attempts,
        delay_ms: Math.round(delay),
        error: outcome.fault?.message,
        error_category: outcome.fault?.category,
      });
    }
    change();
  };

  const chunkOf = async (one: Waiting): Promise<Chunk> => {
    const { entry } = one;
    const started = performance.now();
    const body = await store.bodyOf(entry);
    const endpoint = endpoints.get(entry.facts.endpoint);
    const items = one.items ?? endpoint?.read(body);
    delete one.items;
    if (items === undefined) one.fault ??= noLongerReadable(entry.facts.endpoint);
    if (one.fault !== undefined || items === undefined) {
      return {
        items: [],
        unreadable: [{ raw: body.toString(), fault: one.fault ?? noLongerReadable('') }],
        settled: (outcome) =>
          settle(
            one,
            { ...outcome, delivered: false, ...(one.fault && { fault: one.fault }) },
            started,
            [],
          ),
      };
    }
    const position = entry.facts.key ?? body;
    return {
      items: withIds(items, options.source, String(entry.sequence), position),
      bytes: entry.bytes,
      ...(endpoint?.metadata !== undefined && { metadata: endpoint.metadata }),
      settled: (outcome) => settle(one, outcome, started, items),
    };
  };

  const admit = async ({ facts, body, items }: Delivery, sender: Sender): Promise<void> => {
    storing++;
    try {
      const entry = await store.add(facts, body);
      putBack({ entry, attempts: 0, ...(waiting.length < soonCount && { items }) });
      sender.accepted();
    } catch (error) {
      log.error('delivery is not stored', { error: faultOf(error, 'INPUT_FAILED').message });
      sender.refused(refusals.unavailable, 5000);
    }
    storing--;
    change();
  };

  const mayGo = (): boolean =>
    waiting.length > 0 && inWork < maxConcurrent && finishing < maxFinishing && resting === 0;
  const isOver = (): boolean => {
    if (isClosed || !isStopping) return isClosed;
    return waiting.length + storing === 0 || resting > 0 || isLate;
  };

  return {
    async open() {
      const left = await store.open();
      waiting.push(...left.map((entry) => ({ entry, attempts: 0 })));
      if (left.length > 0) log.info('webhook queue resumed', { deliveries: left.length });
    },
    isClosed: () => isStopping || isClosed || (isPaused && !acceptsWhilePaused),
    take(delivery, sender) {
      if (waiting.length + storing >= size) {
        sender.refused(refusals.queueFull, 1000);
        return { withdraw: () => false };
      }
      void admit(delivery, sender);
      return { withdraw: () => false };
    },
    async *read(signal) {
      const stop = (): void => {
        isStopping = true;
        const end = (): void => {
          isLate = true;
          change();
        };
        setTimeout(end, drainMs).unref();
        change();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      while (!isOver()) {
        const one = mayGo() ? waiting.shift() : undefined;
        if (one === undefined) await changed();
        else {
          inWork++;
          yield await chunkOf(one);
        }
      }
    },
    paused(paused) {
      isPaused = paused;
    },
    async close() {
      isClosed = true;
      isStopping = true;
      change();
      await store.close();
      const deliveries = waiting.length + inWork;
      waiting.length = 0;
      inWork = 0;
      if (deliveries === 0) return;
      if (store.isDurable) log.info('deliveries stay in the queue', { deliveries });
      else log.error('deliveries are lost with the queue', { deliveries });
    },
  };
}

/** Full jitter; a fault that says when wins. Wrong credentials wait longer. */
function delayOf(fault: Fault | undefined, attempt: number): number {
  if (typeof fault?.retry === 'number') return Math.min(fault.retry, backoff.capMs);
  const base = fault?.category === 'authentication' ? 25 * backoff.baseMs : backoff.baseMs;
  const cap = fault?.category === 'authentication' ? 10 * backoff.capMs : backoff.capMs;
  return Math.random() * Math.min(cap, base * 2 ** Math.min(attempt, 20));
}
