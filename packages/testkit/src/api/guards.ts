import { Buffer } from 'node:buffer';
import type { ApiAnswer, ApiRequest } from './example-api.ts';

/** What the guarded paths let through. */
export const exampleCredentials = {
  token: 'example-token',
  username: 'example',
  password: 'example-secret',
  key: 'example-key',
  clientId: 'example',
  clientSecret: 'example-secret',
} as const;

const { token, username, password, key, clientId, clientSecret } = exampleCredentials;
const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const accessToken = 'example-access-token';

type Guard = (request: ApiRequest) => ApiAnswer | undefined;

/** Words of a path that ask for credentials. */
export const guards: Readonly<Record<string, Guard>> = {
  bearer: ({ headers }) => allow(headers['authorization'] === `Bearer ${token}`),
  basic: ({ headers }) => allow(headers['authorization'] === basic),
  'api-key': ({ headers, query }) =>
    allow(headers['x-api-key'] === key || query['api_key'] === key),
  oauth2: ({ headers }) => allow(headers['authorization'] === `Bearer ${accessToken}`),
};

/** Answers `POST /oauth2/token`: the client credentials grant. @see RFC 6749, section 4.4 */
export function issueToken({ text }: ApiRequest): ApiAnswer {
  const form = new URLSearchParams(text);
  const isKnown =
    form.get('grant_type') === 'client_credentials' &&
    form.get('client_id') === clientId &&
    form.get('client_secret') === clientSecret;
  if (!isKnown) return { status: 401, body: { error: 'invalid_client' } };
  return { body: { access_token: accessToken, token_type: 'Bearer', expires_in: 3_600 } };
}

function allow(isKnown: boolean): ApiAnswer | undefined {
  return isKnown ? undefined : { status: 401, body: { error: 'unauthorized' } };
}
