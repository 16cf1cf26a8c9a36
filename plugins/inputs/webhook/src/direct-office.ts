import type { Chunk, Fault, Log, Outcome } from '@cannectors/core';
import type { Budget } from './budget.ts';
import { inBursts } from './bursts.ts';
import { handover } from './handover.ts';
import type { Delivery, Office } from './office.ts';
import { withIds } from './record-ids.ts';
import { refusals } from './refusal.ts';

/**
 * Hands each delivery to the pipeline and answers when it is committed.
 *
 * @see spec/connectors/webhook.md, section 6
 */
export function directOffice(log: Log, budget: Budget): Office {
  const passing = handover();
  const together = inBursts();
  let isStopping = false;
  let isPaused = false;

  return {
    open: () => Promise.resolve(),
    isClosed: () => isStopping || isPaused,
    take(delivery, sender) {
      const { body, endpoint, facts, items } = delivery;
      const started = performance.now();
      budget.hold(body.length);
      const settled = (outcome: Outcome): void => {
        logOutcome(log, delivery, outcome, started);
        if (outcome.delivered) together(() => sender.accepted(outcome.counts));
        else sender.refused(isOfRecords(outcome.fault) ? refusals.unprocessable : refusals.failed);
      };
      const chunk: Chunk = {
        items: facts.key === undefined ? items : withIds(items, endpoint.name, facts.key),
        bytes: body.length,
        settled,
        ...(endpoint.metadata !== undefined && { metadata: endpoint.metadata }),
      };
      const takeBack = passing.offer(chunk, () => budget.release(body.length));
      return {
        withdraw() {
          const isInTime = takeBack();
          if (isInTime) budget.release(body.length);
          return isInTime;
        },
      };
    },
    read(signal) {
      const stop = (): void => {
        isStopping = true;
        passing.end();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      return { [Symbol.asyncIterator]: () => passing };
    },
    paused(paused) {
      isPaused = paused;
    },
    close() {
      isStopping = true;
      passing.discard();
      return Promise.resolve();
    },
  };
}

/** The records are at fault, not what stands around them. */
export function isOfRecords(fault: Fault | undefined): boolean {
  return fault?.category === 'validation' || fault?.category === 'not_found';
}

export function logOutcome(
  log: Log,
  { facts, items }: Pick<Delivery, 'facts' | 'items'>,
  { delivered, fault }: Outcome,
  started: number,
): void {
  const duration_ms = Math.round(performance.now() - started);
  const seen = { ...facts, record_count: items.length, duration_ms };
  if (delivered) log.debug('webhook delivery committed', seen);
  else {
    log.error('webhook handler returned error', {
      ...seen,
      error: fault?.message,
      error_code: fault?.code,
      error_category: fault?.category,
    });
  }
}
