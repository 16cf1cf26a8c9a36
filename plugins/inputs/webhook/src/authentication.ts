import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '@cannectors/core';
import type { AuthenticationConfig } from './config.ts';
import { jwtCheck } from './jwt.ts';
import { sameText } from './same-text.ts';

/** Tells from the headers of a request whether its sender may deliver. */
export interface SenderCheck {
  passes(headers: IncomingHttpHeaders): boolean | Promise<boolean>;
  /** What a sender without credentials is asked for: the value of `WWW-Authenticate`. */
  readonly challenge?: string;
  close?(): Promise<void>;
}

/**
 * Prepares the check of the senders. All comparisons take constant time.
 *
 * @throws `webhook.bad-jwt-key`, and of `jwksUrl` what `httpClient` throws
 * @see spec/connectors/roadmap.md, section 14
 */
export function senderCheck(
  { type, credentials }: AuthenticationConfig,
  context: Context,
  pointer: string,
): SenderCheck {
  const {
    username = '',
    password = '',
    token = '',
    key = '',
    headerName = 'X-API-Key',
  } = credentials;
  switch (type) {
    case 'basic': {
      const isRight = sameText(`${username}:${password}`);
      return {
        challenge: 'Basic realm="webhook", charset="UTF-8"',
        passes(headers) {
          const given = credentialsIn(headers, 'basic');
          return given !== undefined && isRight(Buffer.from(given, 'base64').toString());
        },
      };
    }
    case 'bearer': {
      const isRight = sameText(token);
      return {
        challenge: 'Bearer',
        passes(headers) {
          const given = credentialsIn(headers, 'bearer');
          return given !== undefined && isRight(given);
        },
      };
    }
    case 'api-key': {
      const isRight = sameText(key);
      const name = headerName.toLowerCase();
      return {
        passes(headers) {
          const given = headers[name];
          return typeof given === 'string' && isRight(given);
        },
      };
    }
    case 'jwt': {
      const jwt = jwtCheck(credentials, context, `${pointer}/credentials`);
      return {
        challenge: 'Bearer',
        async passes(headers) {
          const given = credentialsIn(headers, 'bearer');
          return given !== undefined && (await jwt.check(given));
        },
        close: () => jwt.close(),
      };
    }
  }
}

/** What follows the scheme in `Authorization`, whose letter case does not matter (RFC 9110, 11.1). */
function credentialsIn({ authorization }: IncomingHttpHeaders, scheme: string): string | undefined {
  const [, given, credentials] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
  return given?.toLowerCase() === scheme ? credentials : undefined;
}
