import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

/** Each slot of a credential, and a word that must not be seen anywhere. */
const env = {
  BEARER: 'sentinel-bearer-6f1d',
  BASIC_USER: 'sentinel-user-93aa',
  BASIC_PASSWORD: 'sentinel-password-1b7c',
  API_KEY: 'sentinel-key-77e0',
  CLIENT_SECRET: 'sentinel-client-c2f4',
  URL_USER: 'sentinel-urluser-d1d2',
  URL_PASSWORD: 'sentinel-urlpass-5a5a',
  QUERY_TOKEN: 'sentinel-query-8c3e',
};

const authentications = {
  bearer: { type: 'bearer', credentials: { token: '${BEARER}' } },
  basic: {
    type: 'basic',
    credentials: { username: '${BASIC_USER}', password: '${BASIC_PASSWORD}' },
  },
  'api-key in a header': { type: 'api-key', credentials: { key: '${API_KEY}' } },
  'api-key in the query': {
    type: 'api-key',
    credentials: { key: '${API_KEY}', location: 'query' },
  },
};

/** What every command says at every verbosity, with what it leaves behind. */
async function everything(document: object): Promise<string> {
  const space = workspace({ 'a.json': document });
  const commands = [
    ['validate'],
    ['validate', '--verbose'],
    ['validate', '--json'],
    ['run', '--dry-run'],
    ['run', '--dry-run', '--verbose'],
    ['run', '--dry-run', '--json'],
    ['run', '--log-file', 'run.log'],
    ['run', '--verbose', '--log-file', 'run.log'],
    ['run', '--json'],
    ['state', 'get'],
  ];
  const said: string[] = [];
  for (const [command = '', ...rest] of commands) {
    const words = command === 'state' ? [command, ...rest, 'a.json'] : [command, 'a.json', ...rest];
    const { code, stdout, stderr } = await cannectors(words, { ...space, env });
    said.push(`${words.join(' ')} → ${code}\n${stdout}\n${stderr}`);
  }
  for (const file of ['run.log', '.cannectors-state/orders.json']) {
    said.push(
      space
        .records(file)
        .map((record) => JSON.stringify(record))
        .join('\n'),
    );
  }
  return said.join('\n');
}

function leaks(said: string): string[] {
  const spellings = (secret: string) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(`${env.BASIC_USER}:${env.BASIC_PASSWORD}`).toString('base64'),
  ];
  return Object.entries(env)
    .filter(([, secret]) => spellings(secret).some((spelling) => said.includes(spelling)))
    .map(([name]) => name);
}

describe.each(['answers well', 'refuses'])('with a server that %s', (manner) => {
  const answer = { status: manner === 'refuses' ? 403 : 200, body: [{ id: 1 }] };

  it.each(Object.entries(authentications))('hides %s', async (_what, authentication) => {
    const { url, seen } = await api(() => answer);
    const said = await everything({
      name: 'orders',
      input: { type: 'httpPolling', endpoint: `${url}/in`, authentication },
      output: { type: 'httpRequest', endpoint: `${url}/out`, method: 'POST', authentication },
    });

    expect(seen.length).toBeGreaterThan(0);
    expect(leaks(said)).toEqual([]);
  });

  it('hides an OAuth2 client secret, and the token', async () => {
    const token = 'sentinel-token-0d9b';
    const { url } = await api(({ path }) =>
      path === '/token' ? { body: { access_token: token, expires_in: 3600 } } : answer,
    );
    const authentication = {
      type: 'oauth2',
      credentials: { tokenUrl: `${url}/token`, clientId: 'me', clientSecret: '${CLIENT_SECRET}' },
    };
    const said = await everything({
      name: 'orders',
      input: { type: 'httpPolling', endpoint: `${url}/in`, authentication },
      output: { type: 'httpRequest', endpoint: `${url}/out`, method: 'POST', authentication },
    });

    expect(leaks(said)).toEqual([]);
    expect(said).not.toContain(token);
  });

  it('hides user info and query of an endpoint', async () => {
    const { url, seen } = await api(() => answer);
    const at = url.replace('http://', 'http://${URL_USER}:${URL_PASSWORD}@');
    const said = await everything({
      name: 'orders',
      input: {
        type: 'httpPolling',
        endpoint: `${at}/in?token=\${QUERY_TOKEN}`,
        headers: { 'X-Token': '${BEARER}' },
      },
      output: { type: 'file', path: 'out.ndjson' },
    });

    expect(seen.length).toBeGreaterThan(0);
    expect(leaks(said)).toEqual([]);
  });
});

describe('a server that is not there', () => {
  it('is named without credentials', async () => {
    const said = await everything({
      name: 'orders',
      input: {
        type: 'httpPolling',
        endpoint: 'http://${URL_USER}:${URL_PASSWORD}@127.0.0.1:9/in?token=${QUERY_TOKEN}',
        authentication: authentications.bearer,
        retry: { maxAttempts: 1, delayMs: 1 },
      },
      output: { type: 'file', path: 'out.ndjson' },
    });

    expect(said).toContain('127.0.0.1:9/in');
    expect(leaks(said)).toEqual([]);
  });
});
