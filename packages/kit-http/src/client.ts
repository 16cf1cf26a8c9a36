import type { Context, Item, Json, Preview } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import { allowedHosts } from './allowed-hosts.ts';
import { credentialsOf } from './authentication.ts';
import type { HttpConfig, Retry } from './config.ts';
import type { BodyLimit, Exchange } from './exchange.ts';
import { badStatus, badUrl, rejected, retryAsked, tokenInvalid } from './faults.ts';
import { compileKeys, type Key, type KeyProblem } from './keys.ts';
import { redactor } from './masking.ts';
import type { OAuth2Credentials, Tokens } from './oauth2.ts';
import { previewOf } from './preview.ts';
import { type Address, type RequestSource, requestSource } from './request-source.ts';
import { type HttpResponse, responseOf } from './response.ts';
import { retryDecision } from './retry-decision.ts';
import { type Target, targetOf } from './target.ts';
import type { Transport } from './transport.ts';
import { safeUrl } from './url.ts';

/** A request, complete but for the attempt's access token. */
export interface HttpRequest extends Address {
  readonly method: string;
  readonly body?: string | Buffer | undefined;
}

/** Sends the requests of one module. */
export interface HttpClient extends RequestSource {
  /** The endpoint for logs: as it was written, without query and credentials. */
  readonly endpoint: string;
  /** Tells whether `allowedHosts` names a server. */
  isAllowed(target: Target): boolean;
  /**
   * Sends a request under the module's retry policy and gives the answer, if it is a success.
   *
   * @param refreshes how often a refused OAuth2 token may be replaced; requests that belong together
   *   share one
   * @throws the fault of the last attempt: `http.status`, `http.rejected`, `http.timeout`,
   *   `http.network`, `http.certificate`, `http.page-too-large` and others
   */
  request(request: HttpRequest, signal: AbortSignal, refreshes?: Refreshes): Promise<HttpResponse>;
  /** Renders the request of an item and sends a JSON value with it. */
  send(method: string, item: Item, body: Json, signal: AbortSignal): Promise<HttpResponse>;
  /** Says what `request` would send. Credentials are masked unless they are asked for. */
  preview(
    request: HttpRequest,
    options: { readonly showCredentials: boolean },
  ): Promise<NonNullable<Preview['http']>>;
  /** Ends all connections. May be called twice; a request after it opens new ones. */
  close(): Promise<void>;
}

/** How often a refused OAuth2 token may still be replaced. */
export interface Refreshes {
  left: number;
}

/** Which answers are a success. */
export interface SuccessRule {
  /** A status of 400 or more that it accepts all the same, so that it is no failure to be repeated. */
  passes(response: HttpResponse): boolean;
  /** The last word. What it refuses is never repeated. */
  accepts(response: HttpResponse): boolean;
  /** Whether it looks at the body of an answer with this status. */
  readsBody(status: number): boolean;
  /** Only statuses that the author lists in `retryableStatusCodes` are tried again. */
  readonly needsExplicitRetries?: boolean;
}

export interface ClientOptions {
  readonly keys?: readonly Key[] | undefined;
  /** Makes the fault of a record that has no value for a key. Needed with `keys`. */
  keyProblem?(key: Key, problem: KeyProblem): Error;
  /** Which places of a placeholder `{name}` are filled. Default: all. */
  readonly places?: 'first' | 'all';
  /** Set before the headers of the config. Default: those of a JSON client. */
  readonly standardHeaders?: Readonly<Record<string, string>>;
  /** A templated header that renders to nothing is left out. Default: it is sent. */
  readonly dropsEmptyHeaders?: boolean;
  /** Requests that may be on their way to one server at once. Default: no bound of its own. */
  readonly connections?: number;
  /** Default: every status below 400. Only up to 1 MiB of a body is read with a rule. */
  readonly success?: SuccessRule;
  /** Characters of the body of a refused answer that the fault keeps, as `response_body`. */
  readonly snippet?: number;
}

/** Sent by every module, unless its headers say otherwise. */
export const userAgent = { 'User-Agent': 'Cannectors-Runtime/1.0' };

/**
 * Makes the HTTP client of a module.
 *
 * It opens nothing, and loads no network library, before the first request. Every attempt runs
 * inside `context.retry`: the client only says what is worth another attempt, and when. TLS
 * certificates are always verified.
 *
 * @throws `http.bad-url`, `http.bad-header`, `http.bad-host`, `template.*`, `expression.*`
 * @see spec/connectors/http.md, and spec/connectors/auth.md
 *
 * @example
 * const client = httpClient(config, context);
 * await client.send('POST', item, { text: 'New order' }, signal);
 */
export function httpClient(
  config: Omit<HttpConfig, 'retry'> & { readonly retry?: Retry | undefined },
  context: Context,
  options: ClientOptions = {},
): HttpClient {
  const credentials = credentialsOf(config.authentication);
  const source = requestSource(config, credentials, {
    keys: compileKeys(options.keys, (key, what) => problemOf(options, key, what)),
    places: options.places ?? 'all',
    standardHeaders: options.standardHeaders ?? {
      ...userAgent,
      'Content-Type': 'application/json',
    },
    dropsEmptyHeaders: options.dropsEmptyHeaders ?? false,
  });
  const isAllowed = allowedHosts(config.allowedHosts);
  const { log } = context;
  const { success } = options;
  const decision = retryDecision(config.retry, log, success?.needsExplicitRetries ?? false);
  const redact = redactor(credentials.secrets);
  const maxAttempts = config.retry?.maxAttempts ?? 0;
  const tokenTarget = credentials.oauth2 && tokenTargetOf(credentials.oauth2);
  let line: Line | undefined;
  let opening: Promise<Line> | undefined;

  return {
    ...source,
    endpoint: safeUrl(config.endpoint),
    isAllowed,

    request: send,

    async send(method, item, body, signal) {
      return send({ ...source.render(item), method, body: jsonText(body) }, signal);
    },

    async preview(request, { showCredentials }) {
      const isAsked = showCredentials && credentials.oauth2 !== undefined;
      const token = isAsked ? (line ?? (await open())).tokens?.cached : undefined;
      return previewOf(request, credentials, showCredentials, token);
    },

    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.transport.close();
    },
  };

  function send(
    request: HttpRequest,
    signal: AbortSignal,
    refreshes: Refreshes = { left: 2 },
  ): Promise<HttpResponse> {
    const exchange =
      request.isGuarded && isAllowed(request.target) ? { ...request, isGuarded: false } : request;
    return context.retry(
      async (number) => attempt(line ?? (await open()), exchange, signal, refreshes, number),
      signal,
    );
  }

  function open(): Promise<Line> {
    opening ??= load();
    return opening;
  }

  async function load(): Promise<Line> {
    const { transport } = await import('./transport.ts');
    const secretHeaders = ['authorization', 'cookie', 'proxy-authorization'];
    if (credentials.header !== undefined) secretHeaders.push(credentials.header.name.toLowerCase());
    const made = transport({
      timeoutMs: config.timeoutMs,
      limit: options.connections,
      isAllowed,
      secretHeaders: new Set(secretHeaders),
    });
    line = { transport: made, tokens: await tokensOf(made) };
    return line;
  }

  async function tokensOf(transport: Transport): Promise<Tokens | undefined> {
    if (credentials.oauth2 === undefined || tokenTarget === undefined) return undefined;
    const { tokens } = await import('./oauth2.ts');
    const target = tokenTarget;
    const headers = Object.entries({
      ...userAgent,
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
    }).flat();
    const request = { target, method: 'POST', headers, isGuarded: false, isFinal: true } as const;
    const limit = { bytes: 64 * 1024, isCut: true };
    return tokens(
      credentials.oauth2,
      (form, signal) => transport.fetch({ ...request, body: form }, () => limit, signal),
      log,
    );
  }

  async function attempt(
    { transport, tokens }: Line,
    request: HttpRequest,
    signal: AbortSignal,
    refreshes: Refreshes,
    number: number,
  ): Promise<HttpResponse> {
    const token = await tokens?.get(signal);
    const exchange = token === undefined ? request : withToken(request, token);
    const response = responseOf(await transport.fetch(exchange, limitOf, signal));
    if (response.status < 400 || success?.passes(response) === true) {
      if (decision.ofSuccess(() => response.text())) throw retryAsked(answerOf(request, response));
      if (success?.accepts(response) === false) {
        const answer = answerOf(request, response);
        const snippet = snippetOf(response);
        throw rejected({ ...answer, text: snippet || answer.text }, detailsOf(snippet));
      }
      return response;
    }
    if (response.status === 401 && tokens !== undefined && token !== undefined) {
      tokens.drop(token);
      const isFirst = refreshes.left === 2;
      if (refreshes.left > 0 && (number <= maxAttempts || isFirst)) {
        refreshes.left--;
        if (number <= maxAttempts) throw badStatus(answerOf(request, response), 0);
        // One refresh is owed even where nothing is repeated.
        return attempt({ transport, tokens }, request, signal, refreshes, number);
      }
      log.warn('401 Unauthorized persists after OAuth2 token refresh, likely invalid credentials');
      throw tokenInvalid(answerOf(request, response));
    }
    const { status, headers } = response;
    const retry = decision.ofFailure(status, headers, () => response.text());
    throw badStatus(answerOf(request, response), retry, detailsOf(snippetOf(response)));
  }

  function limitOf(status: number): BodyLimit {
    if (success === undefined && status < 400) return { bytes: config.maxPageBytes, isCut: false };
    const isRead =
      status >= 400 ||
      decision.readsSuccesses ||
      success === undefined ||
      success.readsBody(status);
    return { bytes: isRead ? 1024 * 1024 : 0, isCut: true };
  }

  function answerOf({ method, url }: HttpRequest, { status, statusText }: HttpResponse) {
    const text = redact(`${status} ${statusText}`.trim().slice(0, 200));
    return { status, method, endpoint: safeUrl(url), text };
  }

  function snippetOf(response: HttpResponse): string {
    return redact(response.text().slice(0, options.snippet ?? 0));
  }

  function detailsOf(snippet: string): Record<string, string> {
    return snippet === '' ? {} : { response_body: snippet };
  }
}

/** What is there once the first request has loaded it. */
interface Line {
  readonly transport: Transport;
  readonly tokens: Tokens | undefined;
}

function withToken(request: HttpRequest, token: string): Exchange {
  return { ...request, headers: [...request.headers, 'Authorization', `Bearer ${token}`] };
}

function tokenTargetOf({ tokenUrl }: OAuth2Credentials) {
  // An environment reference has no value yet while a file is only checked.
  if (tokenUrl.includes('${')) return undefined;
  try {
    return targetOf(tokenUrl);
  } catch {
    const pointer = '/authentication/credentials/tokenUrl';
    throw badUrl(tokenUrl, 'is not an absolute http or https address', pointer);
  }
}

function problemOf(options: ClientOptions, key: Key, what: KeyProblem): Error {
  return (
    options.keyProblem?.(key, what) ?? new Error(`The record has no value for ${key.paramName}.`)
  );
}
