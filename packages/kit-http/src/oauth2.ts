import { hash } from 'node:crypto';
import type { Json, Log } from '@cannectors/core';
import { isRecord, parseJson } from '@cannectors/kit-record';
import type { Received } from './exchange.ts';
import { cancelled, noToken, tokenRefused } from './faults.ts';

/** What an OAuth2 server must be told to give a token (client credentials grant). */
export interface OAuth2Credentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Separated by spaces. */
  readonly scope?: string | undefined;
}

/** Gives access tokens. */
export interface Tokens {
  /**
   * Gives a token that has not run out, from the cache or from the server.
   *
   * @throws `http.no-token`
   */
  get(signal: AbortSignal): Promise<string>;
  /** What the cache holds; nothing is asked for. */
  readonly cached: string | undefined;
  /** Forgets a token that a server refused, unless a newer one has come. */
  drop(token: string): void;
}

interface Entry {
  token?: string;
  /** Milliseconds since 1970. */
  until: number;
  pending?: Pending;
}

/** One request for a token, and how many wait for it. */
interface Pending {
  readonly promise: Promise<string>;
  readonly controller: AbortController;
  waiting: number;
}

/** Of the whole process: modules, pipelines and ticks with the same credentials share a token. */
const cache = new Map<string, Entry>();

/**
 * Makes the source of the tokens for some credentials. Concurrent misses make one request.
 *
 * @param ask sends the form to the token endpoint
 * @see RFC 6749, section 4.4, and spec/connectors/auth.md, section 3
 */
export function tokens(
  credentials: OAuth2Credentials,
  ask: (form: string, signal: AbortSignal) => Promise<Received>,
  log: Log,
): Tokens {
  const { tokenUrl, clientId, clientSecret, scope = '' } = credentials;
  const entry = entryOf(hash('sha256', JSON.stringify([tokenUrl, clientId, clientSecret, scope])));
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope !== '' && { scope }),
  }).toString();

  return {
    get(signal) {
      const token = valid(entry);
      return token === undefined ? join(entry, request, signal) : Promise.resolve(token);
    },
    get cached() {
      return valid(entry);
    },
    drop(token) {
      if (entry.token === token) delete entry.token;
    },
  };

  async function request(signal: AbortSignal): Promise<string> {
    const answer = readAnswer(await received(signal));
    if (answer.seconds === undefined) log.warn('OAuth2 token has no expiry information');
    // A token about to run out would do so on its way.
    const seconds = answer.seconds === undefined ? 24 * 60 * 60 : answer.seconds - 60;
    if (seconds > 0) {
      entry.token = answer.token;
      entry.until = Date.now() + seconds * 1000;
    }
    return answer.token;
  }

  async function received(signal: AbortSignal): Promise<Received> {
    try {
      return await ask(form, signal);
    } catch (error) {
      throw noToken(error);
    }
  }
}

function entryOf(key: string): Entry {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const entry: Entry = { until: 0 };
  cache.set(key, entry);
  return entry;
}

function valid(entry: Entry): string | undefined {
  return Date.now() < entry.until ? entry.token : undefined;
}

/** Waits for the request of all; it ends when the last one that waits was cancelled. */
async function join(
  entry: Entry,
  request: (signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const pending = entry.pending ?? begin(entry, request);
  pending.waiting++;
  try {
    return await unlessAborted(pending.promise, signal);
  } finally {
    pending.waiting--;
    if (pending.waiting === 0) {
      if (entry.pending === pending) delete entry.pending;
      pending.controller.abort();
    }
  }
}

function begin(entry: Entry, request: (signal: AbortSignal) => Promise<string>): Pending {
  const controller = new AbortController();
  const promise = request(controller.signal).finally(() => {
    if (entry.pending === pending) delete entry.pending;
  });
  const pending: Pending = { promise, controller, waiting: 0 };
  entry.pending = pending;
  return pending;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(cancelled(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

interface TokenAnswer {
  readonly token: string;
  /** Until it runs out; `undefined`: the server does not say. */
  readonly seconds: number | undefined;
}

function readAnswer({ status, statusText, body }: Received): TokenAnswer {
  if (status !== 200) throw tokenRefused(status, statusText);
  const answer = parsed(body.toString('utf8'));
  if (!isRecord(answer)) throw noToken('the answer is not a JSON object');
  const token = answer['access_token'];
  if (typeof token !== 'string' || token.trim() === '') {
    throw noToken('the answer has an empty `access_token`');
  }
  const seconds = Number(answer['expires_in'] ?? 0);
  return { token, seconds: seconds > 0 ? seconds : undefined };
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    // Not the cause: it quotes the answer, which may hold a token.
    throw noToken('the answer is not JSON');
  }
}
