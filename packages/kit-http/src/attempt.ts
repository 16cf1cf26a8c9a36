import type { Log } from '@cannectors/core';
import type { HttpRequest, Refreshes, SuccessRule } from './client.ts';
import type { Retry } from './config.ts';
import type { BodyLimit, Exchange } from './exchange.ts';
import { type Answer, badStatus, rejected, retryAsked, tokenInvalid } from './faults.ts';
import type { Line } from './line.ts';
import { redactor } from './masking.ts';
import { type HttpResponse, responseOf } from './response.ts';
import { retryDecision } from './retry-decision.ts';
import { safeUrl } from './url.ts';

/** Sends a request once and judges the answer. `number` counts the attempts from 1. */
export type Attempt = (
  line: Line,
  request: HttpRequest,
  signal: AbortSignal,
  refreshes: Refreshes,
  number: number,
) => Promise<HttpResponse>;

export interface AttemptOptions {
  readonly retry: Partial<Retry> | undefined;
  readonly maxPageBytes: number;
  readonly success: SuccessRule | undefined;
  /** Characters of a refused answer that the fault keeps. */
  readonly snippet: number;
  readonly secrets: readonly string[];
  readonly log: Log;
}

/** How much is read of a body that is only looked at. */
const glanceBytes = 1024 * 1024;

/**
 * Compiles how answers are judged: what is a success, what is worth another attempt, and when.
 *
 * @throws `expression.*`
 * @see spec/connectors/execution.md, section 6.3, and spec/connectors/auth.md, section 5
 */
export function attempts(options: AttemptOptions): Attempt {
  const { success, log, snippet } = options;
  const decision = retryDecision(options.retry, log, success?.needsExplicitRetries ?? false);
  const redact = redactor(options.secrets);
  const maxAttempts = options.retry?.maxAttempts ?? 0;
  return attempt;

  async function attempt(...given: Parameters<Attempt>): Promise<HttpResponse> {
    const [{ transport, tokens }, request, signal] = given;
    const token = await tokens?.get(signal);
    const exchange = token === undefined ? request : withToken(request, token);
    const response = responseOf(await transport.fetch(exchange, limitOf, signal));
    const told = { request, response, token };
    if (response.status < 400 || success?.passes(response) === true) return accepted(told);
    if (response.status === 401 && tokens !== undefined && token !== undefined) {
      tokens.drop(token);
      return refused(given, told);
    }
    const { status, headers } = response;
    const retry = decision.ofFailure(status, headers, () => response.text());
    throw badStatus(answerOf(told), retry, detailsOf(snippetOf(told)));
  }

  function accepted(told: Told): HttpResponse {
    const { response } = told;
    if (decision.ofSuccess(() => response.text())) throw retryAsked(answerOf(told));
    if (success === undefined || success.accepts(response)) return response;
    const answer = answerOf(told);
    const shown = snippetOf(told);
    throw rejected({ ...answer, text: shown || answer.text }, detailsOf(shown));
  }

  /** A token was refused: a new one is tried, at once and not more often than a retry may be. */
  function refused(
    [line, request, signal, refreshes, number]: Parameters<Attempt>,
    told: Told,
  ): Promise<HttpResponse> {
    const mayRetry = number <= maxAttempts;
    // One refresh is owed even where nothing is repeated.
    const isOwed = refreshes.left === 2;
    if (refreshes.left > 0 && (mayRetry || isOwed)) {
      refreshes.left--;
      if (mayRetry) throw badStatus(answerOf(told), 0);
      return attempt(line, request, signal, refreshes, number);
    }
    log.warn('401 Unauthorized persists after OAuth2 token refresh, likely invalid credentials');
    throw tokenInvalid(answerOf(told));
  }

  function limitOf(status: number): BodyLimit {
    if (status >= 400) return { bytes: glanceBytes, isCut: true };
    if (success === undefined) return { bytes: options.maxPageBytes, isCut: false };
    const isRead = decision.readsSuccesses || success.readsBody(status);
    return { bytes: isRead ? glanceBytes : 0, isCut: true };
  }

  function answerOf({ request, response, token }: Told): Answer {
    const { status, statusText } = response;
    const text = redact(`${status} ${statusText}`.trim(), token).slice(0, 200);
    return { status, method: request.method, endpoint: safeUrl(request.url), text };
  }

  function snippetOf({ response, token }: Told): string {
    return snippet === 0 ? '' : redact(response.text(), token).slice(0, snippet);
  }
}

/** What a server was asked, and what it said. */
interface Told {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly token: string | undefined;
}

function detailsOf(snippet: string): Record<string, string> {
  return snippet === '' ? {} : { response_body: snippet };
}

function withToken(request: HttpRequest, token: string): Exchange {
  return { ...request, headers: [...request.headers, 'Authorization', `Bearer ${token}`] };
}
