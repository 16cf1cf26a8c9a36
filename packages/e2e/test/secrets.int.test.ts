import { describe, expect, it } from 'vitest';
import { api } from '../src/api.ts';
import { cannectors } from '../src/command.ts';
import { workspace } from '../src/workspace.ts';

/** A word for each slot that holds a credential; it must not be seen anywhere. */
const env = {
  BEARER: 'sentinel-bearer-6f1d',
  BASIC_USER: 'sentinel-user-93aa',
  BASIC_PASSWORD: 'sentinel-password-1b7c',
  HEADER_KEY: 'sentinel-header-77e0',
  QUERY_KEY: 'sentinel-param-aa12',
  CLIENT_SECRET: 'sentinel-client-c2f4',
  URL_USER: 'sentinel-urluser-d1d2',
  URL_PASSWORD: 'sentinel-urlpass-5a5a',
  URL_QUERY: 'sentinel-urlquery-8c3e',
};

/** What the token endpoint gives out. */
const token = 'sentinel-token-0d9b';

const slots = [
  { type: 'bearer', credentials: { token: '${BEARER}' } },
  { type: 'basic', credentials: { username: '${BASIC_USER}', password: '${BASIC_PASSWORD}' } },
  { type: 'api-key', credentials: { key: '${HEADER_KEY}' } },
  { type: 'api-key', credentials: { key: '${QUERY_KEY}', location: 'query' } },
];

/** A pipeline with a credential in every slot: `input` is one more, of the input. */
function pipeline(url: string, input: object): object {
  const oauth2 = {
    type: 'oauth2',
    credentials: { tokenUrl: `${url}/token`, clientId: 'me', clientSecret: '${CLIENT_SECRET}' },
  };
  const withUserInfo = url.replace('//', '//${URL_USER}:${URL_PASSWORD}@');
  const common = {
    type: 'httpRequest',
    method: 'POST',
    onError: 'skip',
    retry: { maxAttempts: 1, delayMs: 1 },
  };
  return {
    name: 'orders',
    input: { type: 'httpPolling', endpoint: `${url}/in`, ...input },
    outputs: [
      ...[...slots, oauth2].map((authentication, index) => ({
        ...common,
        id: `out-${index}`,
        endpoint: `${url}/out`,
        authentication,
      })),
      { ...common, id: 'url', endpoint: `${withUserInfo}/out?token=\${URL_QUERY}` },
    ],
  };
}

/** All that the commands say, at every verbosity, and what they leave behind. */
async function everything(document: object): Promise<string> {
  const space = workspace({ 'a.json': document });
  const commands = [
    ['validate', 'a.json'],
    ['validate', 'a.json', '--verbose'],
    ['validate', 'a.json', '--json'],
    ['run', 'a.json', '--dry-run', '--verbose'],
    ['run', 'a.json', '--dry-run', '--json'],
    ['run', 'a.json', '--json'],
    ['run', 'a.json', '--log-file', 'run.log'],
    ['run', 'a.json', '--verbose', '--log-file', 'verbose.log'],
  ];
  const ended = await Promise.all(commands.map((words) => cannectors(words, { ...space, env })));
  expect(ended.map(({ code }) => code).slice(0, 3)).toEqual([0, 0, 0]);
  return [
    ...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]),
    space.read('run.log'),
    space.read('verbose.log'),
  ].join('\n');
}

/** The names of the secrets that can be read in a text, as they are or as base64. */
function leaks(said: string): string[] {
  const pair = `${env.BASIC_USER}:${env.BASIC_PASSWORD}`;
  const secrets = Object.entries({ ...env, TOKEN: token, PAIR: btoa(pair) });
  return secrets
    .filter(([, secret]) => said.includes(secret) || said.includes(btoa(secret)))
    .map(([name]) => name);
}

describe('no credential is ever said', () => {
  it.each([
    ['takes everything', 200],
    ['refuses', 403],
    ['is down', 503],
  ])('by outputs whose server %s', async (_manner, status) => {
    const { url, seen } = await api(({ path, method }) => {
      if (path === '/token') return { body: { access_token: token, expires_in: 3600 } };
      return method === 'GET' ? { body: [{ id: 1 }] } : { status, body: { error: 'no' } };
    });

    const said = await everything(pipeline(url, {}));

    const authorizations = new Set(seen.map(({ headers }) => headers.authorization));
    expect(authorizations).toContain(`Bearer ${env.BEARER}`);
    expect(authorizations).toContain(`Bearer ${token}`);
    expect(said).toContain('[MASKED-TOKEN]');
    expect(leaks(said)).toEqual([]);
  });

  it.each([
    ['an endpoint with user info and query', 403, undefined],
    ['a bearer token', 401, slots[0]],
    ['an api-key in the query', 500, slots[3]],
  ])('by an input with %s that fails', async (_what, status, authentication) => {
    const { url } = await api(() => ({ status, body: 'no' }));
    const at = url.replace('//', '//${URL_USER}:${URL_PASSWORD}@');
    const input = {
      endpoint: `${at}/in?token=\${URL_QUERY}`,
      headers: { 'X-Custom': '${BEARER}' },
      retry: { maxAttempts: 1, delayMs: 1 },
      ...(authentication && { authentication }),
    };

    const said = await everything(pipeline(url, input));

    expect(said).toContain(`${url}/in`);
    expect(leaks(said)).toEqual([]);
  });

  it('by an input whose server is not there', async () => {
    const endpoint = 'http://${URL_USER}:${URL_PASSWORD}@127.0.0.1:9/in?token=${URL_QUERY}';
    const input = { endpoint, authentication: slots[0], retry: { maxAttempts: 1, delayMs: 1 } };

    const said = await everything(pipeline('http://127.0.0.1:9', input));

    expect(said).toContain('127.0.0.1:9/in');
    expect(leaks(said)).toEqual([]);
  });
});
