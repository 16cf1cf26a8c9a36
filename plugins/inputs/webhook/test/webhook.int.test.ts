import type { JsonRecord } from '@cannectors/core';
import { testInput } from '@cannectors/testkit';
import plugin from '../src/index.ts';
import { freePort } from './free-port.ts';

const port = await freePort();
const listenAddress = `127.0.0.1:${port}`;
const jwt = (credentials: JsonRecord): JsonRecord => ({
  path: '/in',
  authentication: { type: 'jwt', credentials },
});

/** Nobody waits for the answer: it comes when the story has what was sent. */
function deliver(records: readonly JsonRecord[]): Promise<void> {
  const url = `http://${listenAddress}/in`;
  void fetch(url, { method: 'POST', body: JSON.stringify(records) }).catch(() => undefined);
  return Promise.resolve();
}

testInput(plugin, import.meta.url, {
  endless: true,
  config: { path: '/in', listenAddress },
  arrange: deliver,
  observe: async () => {
    const answer = await fetch(`http://${listenAddress}/in`).catch(() => undefined);
    return answer === undefined ? 0 : 1;
  },
  cannotResume: 'a delivery that was not answered is sent again by its sender',
  refuses: {
    'refuses a port that there is not': {
      config: { path: '/in', listenAddress: 'localhost:99999' },
      refuses: { code: 'webhook.bad-address', pointer: '/listenAddress' },
    },
    'refuses a path beside endpoints': {
      config: { path: '/in', endpoints: [{ name: 'a', path: '/a' }] },
      refuses: { code: 'config.choice', pointer: '' },
    },
    'refuses two endpoints with one path': {
      config: {
        endpoints: [
          { name: 'a', path: '/a' },
          { name: 'b', path: '/a' },
        ],
      },
      refuses: { code: 'webhook.endpoint-twice', pointer: '/endpoints/1/path' },
    },
    'refuses a path with a query': {
      config: { path: '/in?x=1' },
      refuses: { code: 'config.pattern', pointer: '/path' },
    },
    'refuses a signature without a secret': {
      config: { path: '/in', signature: { type: 'hmac-sha256' } },
      refuses: { code: 'config.required', pointer: '/signature' },
    },
    'refuses another signature': {
      config: { path: '/in', signature: { type: 'hmac-md5', secret: 's' } },
      refuses: { code: 'config.enum', pointer: '/signature/type' },
    },
    'refuses tokens without a key': {
      config: jwt({ audience: 'a' }),
      refuses: { code: 'webhook.bad-jwt-key', pointer: '/authentication/credentials' },
    },
    'refuses tokens with two keys': {
      config: jwt({ secret: 's', jwksUrl: 'https://x.example/keys' }),
      refuses: { code: 'webhook.bad-jwt-key', pointer: '/authentication/credentials' },
    },
    'refuses a public key that is none': {
      config: jwt({ publicKey: 'none' }),
      refuses: { code: 'webhook.bad-jwt-key', pointer: '/authentication/credentials/publicKey' },
    },
    'refuses algorithms of another kind than the key': {
      config: jwt({ secret: 's', algorithms: ['HS256', 'RS256'] }),
      refuses: { code: 'webhook.bad-jwt-key', pointer: '/authentication/credentials/algorithms' },
    },
    'refuses a header that would break the answer': {
      config: { path: '/in', response: { headers: { 'Content-Length': '3' } } },
      refuses: { code: 'webhook.bad-header', pointer: '/response/headers' },
    },
    'refuses a template that is none': {
      config: { path: '/in', response: { body: '{{ request. }}' } },
      refuses: { code: 'template.syntax', pointer: '/response/body' },
    },
  },
});
