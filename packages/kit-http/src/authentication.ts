import type { Authentication } from './config.ts';
import { wireValue } from './header-value.ts';
import type { OAuth2Credentials } from './oauth2.ts';

/** What authentication does to a request. */
export interface Credentials {
  /** Name and value of the header it sets. Of `oauth2` the value is not known yet. */
  readonly header?: { readonly name: string; readonly value: string | undefined };
  /** The query parameter it sets. */
  readonly param?: { readonly name: string; readonly value: string };
  readonly oauth2?: OAuth2Credentials;
  /** What must not be seen in a text. */
  readonly secrets: readonly string[];
}

/**
 * Prepares the authentication of a module.
 *
 * @throws `http.bad-header`
 * @see spec/connectors/auth.md, section 1
 */
export function credentialsOf(authentication: Authentication | undefined): Credentials {
  if (authentication === undefined) return { secrets: [] };
  const { type, credentials } = authentication;
  const pointer = '/authentication/credentials';
  const given = (name: keyof typeof credentials): string => credentials[name] ?? '';
  const authorization = (value: string) => ({
    name: 'Authorization',
    value: wireValue('Authorization', value, pointer),
  });

  switch (type) {
    case 'api-key': {
      const key = given('key');
      if (credentials.location === 'query') {
        return { param: { name: credentials.paramName ?? 'api_key', value: key }, secrets: [key] };
      }
      const name = credentials.headerName ?? 'X-API-Key';
      return { header: { name, value: wireValue(name, key, `${pointer}/key`) }, secrets: [key] };
    }
    case 'bearer': {
      const token = given('token');
      return { header: authorization(`Bearer ${token}`), secrets: [token] };
    }
    case 'basic': {
      const pair = basic(`${given('username')}:${given('password')}`);
      return { header: authorization(pair), secrets: [given('password'), pair.slice(6)] };
    }
    case 'oauth2':
      return {
        header: { name: 'Authorization', value: undefined },
        oauth2: {
          tokenUrl: given('tokenUrl'),
          clientId: given('clientId'),
          clientSecret: given('clientSecret'),
          scope: credentials.scope,
        },
        secrets: [given('clientSecret')],
      };
  }
}

/** The value of an `Authorization` header for `user:password`. */
export function basic(pair: string): string {
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}
