import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '@cannectors/core';
import type { Endpoint } from './endpoint.ts';
import type { Sender, Ticket } from './office.ts';
import { jsonOf } from './payload.ts';
import type { quietLog } from './quiet-log.ts';
import { type Refusal, refusals } from './refusal.ts';
import { traceOf } from './trace.ts';

/** One request, from its first byte to its answer. It is answered once; what comes later is ignored. */
export interface Visit extends Sender {
  readonly request: IncomingMessage;
  isAnswered(): boolean;
  readonly trace: string | undefined;
  /** Its body is whole. What the answer needs of it is kept. */
  delivers(body: Buffer): void;
  /** From now on it waits for others. */
  waitsWith(ticket: Ticket): void;
}

export interface VisitOptions {
  readonly endpoint: Endpoint;
  readonly query: string;
  readonly timeoutMs: number;
  readonly say: ReturnType<typeof quietLog>;
}

/** How long what is left of a refused body is taken in, so that the sender can read the answer. */
const lingerMs = 2000;

export function visit(
  request: IncomingMessage,
  response: ServerResponse,
  { endpoint, query, timeoutMs, say }: VisitOptions,
): Visit {
  const { path } = endpoint;
  const trace = traceOf(request.headers);
  let ticket: Ticket | undefined;
  let body: Buffer | undefined;
  let isAnswered = false;

  const onTimeout = (): void => {
    if (ticket === undefined) visitor.refused(refusals.unread);
    else if (ticket.withdraw()) visitor.refused(refusals.unavailable, 1000);
    else visitor.refused(refusals.timeout);
  };
  const timer = setTimeout(onTimeout, timeoutMs);

  const close = (): boolean => {
    if (isAnswered) return false;
    isAnswered = true;
    clearTimeout(timer);
    return !response.destroyed;
  };
  // A sender that goes away changes nothing for what has begun.
  response.on('close', () => clearTimeout(timer));

  const visitor: Visit = {
    request,
    trace,
    // No getter: V8 keeps what a getter of an object literal closes over until a full collection.
    isAnswered: () => isAnswered,
    delivers(bytes) {
      if (endpoint.answer.usesRequest) body = bytes;
    },
    waitsWith(given) {
      ticket = given;
    },
    accepted(counts) {
      if (!close()) return;
      const answer = made(counts);
      response.writeHead(answer.statusCode, answer.headers).end(answer.body);
    },
    refused(refusal, retryAfterMs) {
      if (isAnswered) return;
      if (refusal !== refusals.failed && refusal !== refusals.unprocessable) {
        const { method, headers } = request;
        const bytes = Number(headers['content-length'] ?? 0);
        say(refusal.level, refusal.message, { endpoint: path, method, trace, body_bytes: bytes });
      }
      if (!close()) return;
      refuse(request, response, refusal, retryAfterMs, endpoint);
    },
  };
  return visitor;

  /** The delivery is committed, so nothing that goes wrong here may say otherwise. */
  function made(counts: Outcome['counts'] | undefined) {
    if (body === undefined) return endpoint.answer.plain;
    const bytes = body;
    const facts = { headers: request.headers, path, query, body: () => jsonOf(bytes) ?? null };
    try {
      return endpoint.answer.make(facts, counts);
    } catch (error) {
      const { message } = error as Error;
      say('error', 'webhook answer not rendered', { endpoint: path, trace, error: message });
      return endpoint.answer.plain;
    }
  }
}

/** Answers with a refusal, and gets rid of what the sender has not sent yet. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  retryAfterMs?: number,
  endpoint?: Endpoint,
): void {
  const { statusCode, text } = refusal;
  const challenge = refusal === refusals.unauthorized ? endpoint?.sender?.challenge : undefined;
  response.writeHead(statusCode, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text) + 1,
    'X-Content-Type-Options': 'nosniff',
    ...(refusal === refusals.wrongMethod && { Allow: 'POST' }),
    ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
    ...(retryAfterMs !== undefined && { 'Retry-After': Math.ceil(retryAfterMs / 1000) }),
  });
  response.end(`${text}\n`);
  if (request.complete) return;
  // To end the connection at once could take the answer from a sender that is still sending.
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  request.on('end', () => clearTimeout(timer)).on('close', () => clearTimeout(timer));
  request.resume();
}
