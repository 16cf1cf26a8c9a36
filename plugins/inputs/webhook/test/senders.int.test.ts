import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthenticationConfig } from '../src/config.ts';
import { receiving } from './receiving.ts';

const secret = 'a secret that nobody may see';
const signature = { type: 'hmac-sha256', secret, header: 'X-Hub-Signature-256' } as const;
const hmac = (body: string, key = secret): string =>
  createHmac('sha256', key).update(body).digest('hex');

type Headers = Readonly<Record<string, string>>;

/** Statuses of deliveries with these headers, one after the other. */
async function statuses(
  authentication: AuthenticationConfig,
  given: readonly Headers[],
): Promise<{ statuses: number[]; log: string; records: number; challenge: string | null }> {
  const hook = await receiving({ authentication });
  const found: number[] = [];
  let challenge: string | null = null;
  for (const headers of given) {
    const answer = await hook.post('{}', headers);
    found.push(answer.status);
    challenge = answer.headers.get('www-authenticate') ?? challenge;
  }
  const log = JSON.stringify(hook.context.lines);
  return { statuses: found, log, records: hook.records.length, challenge };
}

describe('a signature', () => {
  const body = '{"id":1, "é":"\\u00e9"}';

  it.each([
    ['with its scheme', `sha256=${hmac(body)}`, 200],
    ['bare', hmac(body), 200],
    ['of another body', hmac('{"id":2}'), 401],
    ['with another key', hmac(body, 'guess'), 401],
    ['in upper case', hmac(body).toUpperCase(), 401],
    ['cut off', hmac(body).slice(0, 63), 401],
    ['too long', `${hmac(body)}0`, 401],
    ['of another scheme', `sha1=${hmac(body)}`, 401],
    ['empty', '', 401],
  ])('%s', async (_, value, status) => {
    const hook = await receiving({ signature });

    const answer = await hook.post(body, { 'X-Hub-Signature-256': value });

    expect(answer.status).toBe(status);
    expect(hook.records).toHaveLength(status === 200 ? 1 : 0);
    expect(JSON.stringify(hook.context.lines)).not.toContain(secret);
  });

  it('that is missing is none', async () => {
    const hook = await receiving({ signature });

    expect((await hook.post(body)).status).toBe(401);
  });

  it('may stand in another header, and is over the bytes as they came', async () => {
    const hook = await receiving({ signature: { ...signature, header: 'X-Signature' } });
    const spaced = ' {"id" : 1.0 } ';

    const answer = await hook.post(spaced, { 'x-signature': hmac(spaced) });

    expect(answer.status).toBe(200);
  });

  it('that comes again is recognised by the id of the delivery', async () => {
    const hook = await receiving({ signature, deliveryIdHeader: 'Webhook-Id' });
    const headers = { 'X-Hub-Signature-256': hmac(body), 'Webhook-Id': 'd1' };

    const answers = [await hook.post(body, headers), await hook.post(body, headers)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(hook.records).toHaveLength(1);
  });
});

describe('a sender', () => {
  it('with a name and a password', async () => {
    const basic = (text: string): Headers => ({
      Authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    });

    const found = await statuses(
      { type: 'basic', credentials: { username: 'ada', password: secret } },
      [basic(`ada:${secret}`), basic('ada:guess'), basic(''), {}, { Authorization: 'Basic' }],
    );

    expect(found.statuses).toEqual([200, 401, 401, 401, 401]);
    expect(found.records).toBe(1);
    expect(found.challenge).toMatch(/^Basic /);
    expect(found.log).not.toContain(secret);
  });

  it('with a token', async () => {
    const found = await statuses({ type: 'bearer', credentials: { token: 'tok' } }, [
      { Authorization: 'Bearer tok' },
      { Authorization: 'bearer tok' },
      { Authorization: 'Bearer tok2' },
      { Authorization: 'Basic tok' },
      {},
    ]);

    expect(found.statuses).toEqual([200, 200, 401, 401, 401]);
    expect(found.challenge).toBe('Bearer');
  });

  it('with a key', async () => {
    const found = await statuses(
      { type: 'api-key', credentials: { key: 'k', headerName: 'X-K' } },
      [{ 'x-k': 'k' }, { 'x-k': 'K' }, { 'X-API-Key': 'k' }, {}],
    );

    expect(found.statuses).toEqual([200, 401, 401, 401]);
  });
});

describe('a JSON Web Token', () => {
  const key = Buffer.from(secret);
  const claims = (): SignJWT =>
    new SignJWT({}).setIssuer('me').setAudience('orders').setProtectedHeader({ alg: 'HS256' });
  const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

  it('has to be signed, fresh, and meant for us', async () => {
    const good = await claims().setExpirationTime('1h').sign(key);
    const [head = '', payload = ''] = good.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const tokens = [
      good,
      await claims().setExpirationTime('1h').sign(Buffer.from('another secret of that length')),
      await claims().setExpirationTime('-1h').sign(key),
      await claims().setExpirationTime('1h').setNotBefore('1h').sign(key),
      await claims().setExpirationTime('1h').setAudience('stock').sign(key),
      await claims().setExpirationTime('1h').setIssuer('you').sign(key),
      await claims().sign(key),
      unsigned,
      `${head}.${payload}`,
      'x',
    ];

    const found = await statuses(
      { type: 'jwt', credentials: { secret, issuer: 'me', audience: 'orders' } },
      tokens.map(bearer),
    );

    expect(found.statuses).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    expect(found.log).not.toContain(secret);
    expect(found.log).not.toContain(good);
  });

  it('may be checked with a public key, and no token is signed with that as a secret', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const payload = (): SignJWT => new SignJWT({}).setExpirationTime('1h');
    const good = await payload().setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    const confused = await payload().setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem));

    const found = await statuses(
      { type: 'jwt', credentials: { publicKey: pem } },
      [good, confused].map(bearer),
    );

    expect(found.statuses).toEqual([200, 401]);
  });

  it('may be checked with the keys that the issuer publishes', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }];
    let asked = 0;
    const issuer = createServer((_, response) => {
      asked++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void issuer.close());
    const { port } = issuer.address() as AddressInfo;
    const signed = (kid: string): Promise<string> =>
      new SignJWT({})
        .setExpirationTime('1h')
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(privateKey);

    const found = await statuses(
      { type: 'jwt', credentials: { jwksUrl: `http://127.0.0.1:${port}/keys` } },
      [await signed('k1'), await signed('k1'), await signed('k2')].map(bearer),
    );

    expect(found.statuses).toEqual([200, 200, 401]);
    expect(asked).toBe(1);
  });

  it('is refused while the keys of the issuer cannot be had', async () => {
    const token = await new SignJWT({})
      .setExpirationTime('1h')
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key);

    const found = await statuses(
      { type: 'jwt', credentials: { jwksUrl: 'http://127.0.0.1:1/keys', algorithms: ['RS256'] } },
      [bearer(token.replace(/^[^.]*/, Buffer.from('{"alg":"RS256"}').toString('base64url')))],
    );

    expect(found.statuses).toEqual([401]);
    expect(found.log).toContain('keys of the issuer are not available');
  });
});

describe('endpoints', () => {
  const token = (text: string): AuthenticationConfig => ({
    type: 'bearer',
    credentials: { token: text },
  });
  const endpoints = [
    { name: 'orders', path: '/orders', authentication: token('o'), dataField: 'list' },
    { name: 'stock', path: '/stock', authentication: token('s') },
    { name: 'open', path: '/open' },
  ];

  it('have their own credentials and lists, and say where a record came to', async () => {
    const hook = await receiving({ endpoints });
    const send = async (path: string, body: string, given = ''): Promise<number> => {
      const headers = { Authorization: `Bearer ${given}` };
      return (await fetch(hook.url + path, { method: 'POST', body, headers })).status;
    };

    const found = [
      await send('/orders', '{"list":[{"id":1}]}', 'o'),
      await send('/orders', '{"list":[{"id":1}]}', 's'),
      await send('/stock', '{"id":2}', 's'),
      await send('/open', '{"id":3}'),
      await send('/other', '{"id":4}', 'o'),
    ];

    expect(found).toEqual([200, 401, 200, 200, 404]);
    expect(hook.records.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(hook.chunks.map(({ metadata }) => metadata)).toEqual(
      ['orders', 'stock', 'open'].map((endpoint) => ({ webhook: { endpoint } })),
    );
  });

  it('take from the webhook what they do not say', async () => {
    const hook = await receiving({ endpoints, authentication: token('all') });
    const send = async (path: string, given: string): Promise<number> => {
      const headers = { Authorization: `Bearer ${given}` };
      const answer = await fetch(hook.url + path, { method: 'POST', body: '{"list":[]}', headers });
      return answer.status;
    };

    expect([
      await send('/open', 'all'),
      await send('/orders', 'all'),
      await send('/orders', 'o'),
    ]).toEqual([200, 401, 200]);
  });
});
