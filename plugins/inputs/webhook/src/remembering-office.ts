import { type Log, type Outcome } from '@cannectors/core';
import type { DeliveryIds } from './delivery-ids.ts';
import type { Office, Sender } from './office.ts';
import { type Refusal, refusals } from './refusal.ts';

/**
 * Puts a memory in front of an office: a delivery that comes again is answered as it was, one that is
 * under way gets the answer of the first.
 *
 * @see spec/connectors/webhook.md, section 1: `deliveryIdHeader`
 */
export function remembering(office: Office, ids: DeliveryIds, log: Log): Office {
  const underWay = new Map<string, Sender[]>();

  const end = (key: string, tell: (sender: Sender) => void): void => {
    const senders = underWay.get(key) ?? [];
    underWay.delete(key);
    for (const sender of senders) tell(sender);
  };
  const accept = async (key: string, counts: Outcome['counts'] | undefined): Promise<void> => {
    try {
      // Before the answer: whoever has it may count on the delivery not being repeated.
      await ids.remember(key);
    } catch (error) {
      log.error('delivery id not stored', { error: (error as Error).message });
    }
    end(key, (sender) => sender.accepted(counts));
  };

  return {
    ...office,
    async open() {
      await ids.open();
      await office.open();
    },
    take(delivery, sender) {
      const { key } = delivery.facts;
      if (key === undefined) return office.take(delivery, sender);
      if (ids.has(key)) {
        sender.accepted();
        return { withdraw: () => false };
      }
      const others = underWay.get(key);
      if (others !== undefined) {
        others.push(sender);
        return { withdraw: () => false };
      }
      underWay.set(key, [sender]);
      const ticket = office.take(delivery, {
        accepted: (counts) => void accept(key, counts),
        refused: (refusal: Refusal, retryAfterMs?: number) =>
          end(key, (one) => one.refused(refusal, retryAfterMs)),
      });
      return {
        withdraw() {
          const isInTime = ticket.withdraw();
          if (isInTime) end(key, (one) => one.refused(refusals.unavailable, 1000));
          return isInTime;
        },
      };
    },
    async close() {
      await office.close();
      await ids.close();
    },
  };
}
