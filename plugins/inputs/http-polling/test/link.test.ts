import type { HttpClient } from '@cannectors/kit-http';
import { expect, it } from 'vitest';
import { byLink } from '../src/pagination/link.ts';

const strict = { isAllowed: () => false } as unknown as HttpClient;
const lenient = { isAllowed: () => true } as unknown as HttpClient;

it.each([
  ['https://api.example:8443/1', 'http://api.example:8443/2'],
  ['https://api.example/1', 'http://api.example/2'],
  ['http://api.example/1', 'http://api.example.evil.example/2'],
  ['http://api.example/1', '//evil.example/2'],
])('does not step from %s to %s unless it may', (url, next) => {
  const page = { body: { next }, count: 1, headers: {}, url };
  const pagination = { type: 'link', nextUrlField: 'next', maxPages: 10 } as const;

  expect(() => byLink(pagination, strict)().next(page)).toThrow(
    expect.objectContaining({ code: 'http-polling.bad-link' }),
  );
  expect(byLink(pagination, lenient)().next(page)).toBeDefined();
});

it('steps from http to https on the same host', () => {
  const page = {
    body: { next: 'https://api.example/2' },
    count: 1,
    headers: {},
    url: 'http://api.example/1',
  };
  const pagination = { type: 'link', nextUrlField: 'next', maxPages: 10 } as const;

  expect(byLink(pagination, strict)().next(page)).toStrictEqual({ url: 'https://api.example/2' });
});
