import type { IncomingMessage } from 'node:http';
import { announcesTooMuch, readBody } from './body.ts';
import type { Budget } from './budget.ts';
import type { Endpoint } from './endpoint.ts';
import type { Handler } from './listener.ts';
import type { Office } from './office.ts';
import type { quietLog } from './quiet-log.ts';
import { refusals } from './refusal.ts';
import { visit, type Visit } from './visit.ts';

export interface ReceptionOptions {
  readonly endpoint: Endpoint;
  readonly office: Office;
  readonly budget: Budget;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly say: ReturnType<typeof quietLog>;
}

/** How long a sender should wait when nothing is taken in. */
const retryAfterMs = 5000;

/**
 * Checks requests to one endpoint and hands over what they deliver.
 *
 * The order is that of the spec: what is cheap comes first, and nothing costs work that the rate limit
 * or the sender's credentials would have spared.
 *
 * @see spec/connectors/webhook.md, section 2
 */
export function reception(options: ReceptionOptions): Handler {
  const { endpoint, office, budget, maxBodyBytes, requestTimeoutMs: timeoutMs, say } = options;
  const { sender } = endpoint;

  const admit = (guest: Visit): void => {
    if (guest.isAnswered()) return;
    if (announcesTooMuch(guest.request, maxBodyBytes)) return guest.refused(refusals.tooLarge);
    readBody(guest.request, maxBodyBytes, budget, (body) => {
      if (body === 'too large') guest.refused(refusals.tooLarge);
      else if (body === 'broken') guest.refused(refusals.unread);
      else if (!guest.isAnswered()) examine(guest, body);
    });
  };
  const examine = (guest: Visit, body: Buffer): void => {
    const { headers } = guest.request;
    if (body.length === 0) return guest.refused(refusals.empty);
    if (endpoint.isSigned?.(headers, body) === false) return guest.refused(refusals.badSignature);
    const items = endpoint.read(body);
    if (items === undefined) return guest.refused(refusals.badPayload);
    // It may have closed while the body came.
    if (office.isClosed()) return guest.refused(refusals.unavailable, retryAfterMs);
    const key = keyOf(guest.request, endpoint);
    const facts = {
      endpoint: endpoint.name,
      ...(guest.trace !== undefined && { trace: guest.trace }),
      ...(key !== undefined && { key }),
    };
    guest.delivers(body);
    guest.waitsWith(office.take({ endpoint, items, body, facts }, guest));
  };

  return (request, response, query) => {
    const guest = visit(request, response, { endpoint, query, timeoutMs, say });
    if (request.method !== 'POST') return guest.refused(refusals.wrongMethod);
    if (office.isClosed() || budget.isFull()) {
      return guest.refused(refusals.unavailable, retryAfterMs);
    }
    const wait = endpoint.limit.take(performance.now());
    if (wait > 0) return guest.refused(refusals.limited, wait);
    if (sender === undefined) return admit(guest);

    const passes = sender.passes(request.headers);
    const decide = (isIn: boolean): void =>
      isIn ? admit(guest) : guest.refused(refusals.unauthorized);
    if (typeof passes === 'boolean') return decide(passes);
    void passes.then(decide, () => decide(false));
  };
}

/** What tells a delivery from all others; an id that is long or odd is as good as any. */
function keyOf(
  { headers }: IncomingMessage,
  { deliveryIdHeader, name }: Endpoint,
): string | undefined {
  if (deliveryIdHeader === undefined) return undefined;
  const id = headers[deliveryIdHeader];
  return typeof id === 'string' && id !== '' ? `${name}\n${id}` : undefined;
}
