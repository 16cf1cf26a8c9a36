import { type Fault, isFault } from '@cannectors/core';
import type { Dispatcher } from 'undici';
import {
  badCertificate,
  badRequest,
  brokenBody,
  pageTooLarge,
  timedOut,
  unreachable,
} from './faults.ts';
import type { Target } from './target.ts';
import type { Running } from './watch.ts';

/** One request on the wire. */
export interface Exchange {
  readonly target: Target;
  readonly method: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body?: string | Buffer | undefined;
  /** The host comes from data. */
  readonly isGuarded: boolean;
  /** Its body is for this server only: a redirect is an answer. */
  readonly isFinal?: boolean;
}

/** How much of a body is read: what is larger is an error, or is cut. */
export interface BodyLimit {
  readonly bytes: number;
  readonly isCut: boolean;
}

/** An answer with what was read of its body. */
export interface Received {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHeaders;
  readonly body: Buffer;
}

/** Names in lower case; a header that was sent several times has a list. */
export type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>;

const nothing = Buffer.alloc(0);
/** What follows a cut body is read, so that the connection can be used again, up to so much. */
const maxIgnoredBytes = 1024 * 1024;

/**
 * Sends one request and reads the answer to its end.
 *
 * @param limitOf how much of the body is wanted, by status
 * @param abandon called when it has to end before the connection is there
 * @throws a fault with the category `network`; `http.page-too-large`
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Exchange,
  running: Running,
  limitOf: (status: number) => BodyLimit,
  abandon: (dispatcher: Dispatcher) => void,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isSettled = false;
    let status = 0;
    let statusText = '';
    let headers: IncomingHeaders = {};
    let limit: BodyLimit | undefined;
    let chunks: Buffer[] | undefined;
    let length = 0;
    let ignored = 0;

    const fail = (fault: Fault): void => {
      isSettled = true;
      if (controller === undefined) abandon(dispatcher);
      else controller.abort(fault);
      reject(fault);
    };
    const finish = (): void => {
      isSettled = true;
      const [first = nothing] = chunks ?? [];
      const body = chunks === undefined || chunks.length < 2 ? first : Buffer.concat(chunks);
      resolve({ status, statusText, headers, body });
    };
    running.stop = fail;

    dispatcher.dispatch(
      {
        origin: request.target.origin,
        path: request.target.path,
        method: request.method,
        headers: request.headers as string[],
        body: request.body ?? null,
      },
      {
        onRequestStart(one) {
          controller = one;
          if (isSettled) one.abort(new Error('The request has ended.'));
        },
        onResponseStart(_one, code, fields, text = '') {
          if (code < 200) return;
          status = code;
          statusText = text;
          headers = fields;
          limit = limitOf(code);
          const announced = Number(fields['content-length'] ?? 0);
          if (!limit.isCut && announced > limit.bytes && request.method !== 'HEAD') {
            fail(pageTooLarge(limit.bytes));
          }
        },
        onResponseData(one, chunk) {
          if (isSettled || limit === undefined) return;
          const room = limit.bytes - length;
          if (chunk.length <= room) {
            (chunks ??= []).push(chunk);
            length += chunk.length;
          } else if (!limit.isCut) {
            fail(pageTooLarge(limit.bytes));
          } else {
            if (room > 0) (chunks ??= []).push(chunk.subarray(0, room));
            length += room;
            ignored += chunk.length - room;
            if (ignored <= maxIgnoredBytes) return;
            finish();
            one.abort(new Error('The rest of the body is not wanted.'));
          }
        },
        onResponseEnd() {
          if (!isSettled) finish();
        },
        onResponseError(_one, error) {
          if (isSettled) return;
          isSettled = true;
          reject(faultOf(error, status !== 0));
        },
      },
    );
  });
}

const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const certificateErrors =
  /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE))/;

/** Classifies what a connection or a parser threw. */
function faultOf(error: Error, isReading: boolean): Fault {
  if (isFault(error)) return error;
  // Of several addresses that were tried, the first speaks for all.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const cause = first instanceof Error ? first : error;
  const code = 'code' in cause ? String(cause.code) : '';
  if (timeouts.has(code)) return timedOut();
  if (certificateErrors.test(code)) return badCertificate(cause.message, error);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return badRequest(cause);
  return isReading ? brokenBody(cause.message, error) : unreachable(cause.message, error);
}
