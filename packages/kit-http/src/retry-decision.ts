import type { Log } from '@cannectors/core';
import { type Expression, expression } from '@cannectors/kit-expression/lazy';
import { isRecord, parseJson } from '@cannectors/kit-record';
import type { Retry } from './config.ts';
import type { IncomingHeaders } from './exchange.ts';
import { retryAfterMs } from './retry-after.ts';

/** Says whether an answer is worth another attempt. */
export interface RetryDecision {
  /** It wants to see the bodies of successes too. */
  readonly readsSuccesses: boolean;
  /** Of a failure: not again, again after the back-off, or after so many milliseconds. */
  ofFailure(status: number, headers: IncomingHeaders, body: () => string): boolean | number;
  /** Of a success: whether its body asks for another attempt. */
  ofSuccess(body: () => string): boolean;
}

const standard = [429, 500, 502, 503, 504];

/**
 * Compiles what `retry` says about answers.
 *
 * @param isExplicit only statuses that the author has listed are tried again
 * @throws `expression.*`
 * @see spec/connectors/execution.md, sections 6.3 and 6.4
 */
export function retryDecision(
  retry: Partial<Retry> = {},
  log: Log,
  isExplicit: boolean,
): RetryDecision {
  const codes = retry.retryableStatusCodes ?? (isExplicit ? undefined : standard);
  const source = retry.retryHintFromBody ?? '';
  const hint = source === '' ? undefined : expression(source, '/retry/retryHintFromBody');
  const longest =
    retry.maxDelayMs === undefined || retry.maxDelayMs === 0 ? 30_000 : retry.maxDelayMs;

  return {
    readsSuccesses: hint !== undefined,

    ofFailure(status, headers, body) {
      if (!isListed(status)) return false;
      if (hint !== undefined && hintOf(hint, body(), log) === false) return false;
      if (retry.useRetryAfterHeader !== true) return true;
      const header = headers['retry-after'];
      const wait = retryAfterMs(Array.isArray(header) ? header[0] : header, new Date());
      return wait === undefined ? true : Math.min(wait, longest);
    },

    ofSuccess: (body) => hint !== undefined && hintOf(hint, body(), log) === true,
  };

  function isListed(status: number): boolean {
    if (codes === undefined) return false;
    return codes.length > 0 ? codes.includes(status) : status === 429 || status >= 500;
  }
}

/** What the body says; `undefined`: nothing that can be used. */
function hintOf(hint: Expression, text: string, log: Log): boolean | undefined {
  if (text === '') return undefined;
  try {
    const body = parseJson(text);
    if (!isRecord(body)) throw new Error('the body is not a JSON object');
    const value = hint.evaluate({ body });
    if (typeof value !== 'boolean') throw new Error('the hint is not a boolean');
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('retry hint ignored', { error: reason });
    return undefined;
  }
}
