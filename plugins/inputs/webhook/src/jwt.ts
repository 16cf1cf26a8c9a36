import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Context } from '@cannectors/core';
import { httpClient } from '@cannectors/kit-http';
import type { JWTVerifyGetKey } from 'jose';
import type { AuthenticationConfig } from './config.ts';
import { badJwtKey } from './faults.ts';
import { quietLog } from './quiet-log.ts';

type Credentials = AuthenticationConfig['credentials'];

export interface JwtCheck {
  check(token: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Checks JSON Web Tokens: signature, algorithm, `exp`, `nbf`, `iss`, `aud` (RFC 7519).
 *
 * Keys of `jwksUrl` are fetched when the first token comes, and again for a key that is not among them.
 *
 * @throws `webhook.bad-jwt-key`, and of `jwksUrl` what `httpClient` throws
 */
export function jwtCheck(credentials: Credentials, context: Context, pointer: string): JwtCheck {
  const { issuer, audience, leewayMs = 0 } = credentials;
  const source = keySource(credentials, context, pointer);
  const say = quietLog(context.log);
  const algorithms = credentials.algorithms ?? source.suited.slice(0, 1);
  if (!algorithms.every((name) => source.suited.includes(name))) {
    throw badJwtKey(`the key takes ${source.suited.join(', ')}`, `${pointer}/algorithms`);
  }
  const options = {
    algorithms,
    clockTolerance: leewayMs / 1000,
    requiredClaims: ['exp'],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };

  return {
    async check(token) {
      const { errors, jwtVerify } = await import('jose');
      try {
        const keys = await source.keys();
        // Both signatures of `jwtVerify` are the same code.
        await jwtVerify(token, keys as JWTVerifyGetKey, options);
        return true;
      } catch (error) {
        const isOfToken = error instanceof errors.JOSEError && !isOutage(error.code);
        if (!isOfToken) {
          const message = error instanceof Error ? error.message : String(error);
          say('error', 'keys of the issuer are not available', { error: message });
        }
        return false;
      }
    },
    close: () => source.close(),
  };
}

function isOutage(code: string): boolean {
  return code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JWKS_INVALID' || code === 'ERR_JOSE_GENERIC';
}

interface KeySource {
  /** Algorithms that its keys can have, the usual one first. */
  readonly suited: readonly string[];
  keys(): Promise<KeyObject | JWTVerifyGetKey>;
  close(): Promise<void>;
}

function keySource(credentials: Credentials, context: Context, pointer: string): KeySource {
  const { secret, publicKey, jwksUrl } = credentials;
  const given = [secret, publicKey, jwksUrl].filter((key) => key !== undefined);
  if (given.length !== 1) {
    throw badJwtKey(`${given.length} keys are given, not one`, pointer);
  }
  if (jwksUrl !== undefined) return remoteKeys(jwksUrl, context);
  const [key, suited] =
    secret === undefined
      ? publicKeyOf(publicKey ?? '', pointer)
      : [createSecretKey(secret, 'utf8'), ofSecret];
  return { suited, keys: () => Promise.resolve(key), close: () => Promise.resolve() };
}

const ofSecret = ['HS256', 'HS384', 'HS512'];
const ofRsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
/** By the type of a public key, as Node names it. */
const ofPublicKey: Readonly<Record<string, readonly string[]>> = {
  rsa: ofRsa,
  ec: ['ES256', 'ES384', 'ES512'],
  ed25519: ['EdDSA'],
};

function publicKeyOf(pem: string, pointer: string): [KeyObject, readonly string[]] {
  // `validate` sees the names of variables, not their values.
  if (pem.includes('${')) return [createSecretKey(pem, 'utf8'), Object.values(ofPublicKey).flat()];
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw badJwtKey('`publicKey` is no key in PEM', `${pointer}/publicKey`);
  }
  const suited = ofPublicKey[key.asymmetricKeyType ?? ''];
  if (suited === undefined) {
    throw badJwtKey('`publicKey` is of no known kind', `${pointer}/publicKey`);
  }
  return [key, suited];
}

function remoteKeys(jwksUrl: string, context: Context): KeySource {
  const client = httpClient(
    {
      endpoint: jwksUrl,
      headers: {},
      queryParams: {},
      timeoutMs: 5000,
      maxPageBytes: 1024 * 1024,
    },
    context,
  );
  const closed = new AbortController();
  let made: Promise<JWTVerifyGetKey> | undefined;
  const make = async (): Promise<JWTVerifyGetKey> => {
    const { createRemoteJWKSet, customFetch } = await import('jose');
    // S7: the guarded client of the HTTP kit makes the connection.
    return createRemoteJWKSet(new URL(jwksUrl), {
      [customFetch]: async () => {
        const address = client.render({ record: {} });
        const answer = await client.request({ ...address, method: 'GET' }, closed.signal);
        return new Response(answer.text(), { status: 200 });
      },
    });
  };
  return {
    suited: Object.values(ofPublicKey).flat(),
    keys: () => (made ??= make()),
    async close() {
      closed.abort();
      await client.close();
    },
  };
}
