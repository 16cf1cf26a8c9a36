import type { Log } from '@cannectors/core';
import type { IsAllowed } from './allowed-hosts.ts';
import type { Credentials } from './authentication.ts';
import { badUrl } from './faults.ts';
import type { OAuth2Credentials, Tokens } from './oauth2.ts';
import { type Target, targetOf } from './target.ts';
import type { Transport } from './transport.ts';
import { userAgent } from './user-agent.ts';

/** What the requests of a module go through. */
export interface Line {
  readonly transport: Transport;
  /** Of a module that asks for its tokens itself. */
  readonly tokens: Tokens | undefined;
}

export interface LineOptions {
  readonly timeoutMs: number;
  readonly connections: number | undefined;
  readonly credentials: Credentials;
  readonly isAllowed: IsAllowed;
  readonly log: Log;
}

/** Loads the network library with the first request, so that checking a pipeline does without. */
export async function openLine(options: LineOptions): Promise<Line> {
  const { timeoutMs, connections, credentials, isAllowed, log } = options;
  const { transport } = await import('./transport.ts');
  const names = ['authorization', 'cookie', 'host', 'proxy-authorization'];
  if (credentials.header !== undefined) names.push(credentials.header.name.toLowerCase());
  const wire = transport({
    timeoutMs,
    limit: connections,
    isAllowed,
    ownHeaders: new Set(names),
  });
  const { oauth2 } = credentials;
  return { transport: wire, tokens: oauth2 && (await tokensOf(oauth2, wire, log)) };
}

/** Says early that the address of a token endpoint is none, as far as it is known by then. */
export function checkTokenUrl({ tokenUrl }: OAuth2Credentials): void {
  // An environment reference has no value yet while a file is only checked.
  if (!tokenUrl.includes('${')) tokenTarget(tokenUrl);
}

async function tokensOf(
  credentials: OAuth2Credentials,
  transport: Transport,
  log: Log,
): Promise<Tokens> {
  const { tokens } = await import('./oauth2.ts');
  const headers = Object.entries({
    ...userAgent,
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
  }).flat();
  const target = tokenTarget(credentials.tokenUrl);
  const request = { target, method: 'POST', headers, isGuarded: false, isFinal: true };
  const limit = { bytes: 64 * 1024, isCut: true };
  return tokens(
    credentials,
    (form, signal) => transport.fetch({ ...request, body: form }, () => limit, signal),
    log,
  );
}

function tokenTarget(tokenUrl: string): Target {
  try {
    return targetOf(tokenUrl);
  } catch {
    const pointer = '/authentication/credentials/tokenUrl';
    throw badUrl(tokenUrl, 'is not an absolute http or https address', pointer);
  }
}
