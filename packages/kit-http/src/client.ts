import type { Context, Item, Json, Preview } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import { allowedHosts } from './allowed-hosts.ts';
import { attempts } from './attempt.ts';
import { credentialsOf } from './authentication.ts';
import type { HttpConfig, Retry } from './config.ts';
import { compileKeys, type Key, type KeyProblem } from './keys.ts';
import { checkTokenUrl, type Line, openLine } from './line.ts';
import { previewOf } from './preview.ts';
import { type Address, type RequestSource, requestSource } from './request-source.ts';
import type { HttpResponse } from './response.ts';
import type { Target } from './target.ts';
import { safeUrl } from './url.ts';
import { userAgent } from './user-agent.ts';

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
  const { log } = context;
  const credentials = credentialsOf(config.authentication);
  if (credentials.oauth2 !== undefined) checkTokenUrl(credentials.oauth2);
  const source = requestSource(config, credentials, {
    keys: compileKeys(options.keys, (key, what) => problemOf(options, key, what)),
    places: options.places ?? 'all',
    standardHeaders: options.standardHeaders ?? jsonHeaders,
    dropsEmptyHeaders: options.dropsEmptyHeaders ?? false,
  });
  const isAllowed = allowedHosts(config.allowedHosts);
  const attempt = attempts({
    retry: config.retry,
    maxPageBytes: config.maxPageBytes,
    success: options.success,
    snippet: options.snippet ?? 0,
    secrets: credentials.secrets,
    log,
  });
  let opening: Promise<Line> | undefined;
  let line: Line | undefined;

  return {
    ...source,
    endpoint: safeUrl(config.endpoint),
    isAllowed,
    request,

    async send(method, item, body, signal) {
      return request({ ...source.render(item), method, body: jsonText(body) }, signal);
    },

    async preview(sent, { showCredentials }) {
      const isAsked = showCredentials && credentials.oauth2 !== undefined;
      const token = isAsked ? (await open()).tokens?.cached : undefined;
      return previewOf(sent, credentials, showCredentials, token);
    },

    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.transport.close();
    },
  };

  function request(
    sent: HttpRequest,
    signal: AbortSignal,
    refreshes: Refreshes = { left: 2 },
  ): Promise<HttpResponse> {
    const isListed = sent.isGuarded && isAllowed(sent.target);
    const checked = isListed ? { ...sent, isGuarded: false } : sent;
    return context.retry(
      async (number) => attempt(line ?? (await open()), checked, signal, refreshes, number),
      signal,
    );
  }

  async function open(): Promise<Line> {
    const { timeoutMs } = config;
    const { connections } = options;
    opening ??= openLine({ timeoutMs, connections, credentials, isAllowed, log });
    line = await opening;
    return line;
  }
}

const jsonHeaders = { ...userAgent, 'Content-Type': 'application/json' };

function problemOf(options: ClientOptions, key: Key, what: KeyProblem): Error {
  const problem = options.keyProblem?.(key, what);
  return problem ?? new Error(`The record has no value for ${key.paramName}.`);
}
