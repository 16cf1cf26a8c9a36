import { describe, expect, it } from 'vitest';
import { maskedHeader, maskedUrl, redactor } from '../src/masking.ts';

describe('a preview', () => {
  it.each([
    ['Authorization', 'Bearer s3cret', 'Bearer [MASKED-TOKEN]'],
    ['authorization', 'Basic czNjcmV0', 'Basic [MASKED-CREDENTIALS]'],
    ['Authorization', 'Digest s3cret', '[MASKED]'],
    ['X-My-Key', 's3cret', '[MASKED-API-KEY]'],
    ['x-my-key', 's3cret', '[MASKED-API-KEY]'],
    ['Cookie', 'a=s3cret', '[MASKED]'],
    ['X-Auth-Token', 's3cret', '[MASKED]'],
    ['X-API-Key', 's3cret', '[MASKED]'],
    ['Api-Secret', 's3cret', '[MASKED]'],
    ['accessToken', 's3cret', '[MASKED]'],
    ['Content-Type', 'application/json', 'application/json'],
    ['Idempotency-Key', 'abc', 'abc'],
    ['X-Author', 'Ada', 'Ada'],
  ])('shows %s: %s as %s', (name, value, expected) => {
    expect(maskedHeader(name, value, { header: 'x-my-key' }, false)).toBe(expected);
  });

  it('tells tokens that the module fetches', () => {
    expect(maskedHeader('Authorization', 'Bearer s3cret', {}, true)).toBe(
      'Bearer [MASKED-OAUTH2-TOKEN]',
    );
  });

  it.each([
    ['https://a.example/x?b=1#c', 'https://a.example/x?b=1#c'],
    ['https://ada:s3cret@a.example/x', 'https://a.example/x'],
    [
      'https://a.example/x?my%5Fkey=s3cret&b=1',
      'https://a.example/x?my%5Fkey=[MASKED-API-KEY]&b=1',
    ],
    [
      'https://a.example/x?access_token=s3cret&page=1',
      'https://a.example/x?access_token=[MASKED]&page=1',
    ],
    ['https://a.example/x?%74oken=s3cret', 'https://a.example/x?%74oken=[MASKED]'],
    [
      'https://a.example/x?sig=s3cret&password=s3cret',
      'https://a.example/x?sig=[MASKED]&password=[MASKED]',
    ],
    ['https://a.example/x?next_page=a=b&flag', 'https://a.example/x?next_page=a=b&flag'],
  ])('shows %s as %s', (url, expected) => {
    expect(maskedUrl(url, { param: 'my_key' })).toBe(expected);
  });
});

describe('a text of a server', () => {
  it('loses the secrets of the module', () => {
    const redact = redactor(['s3cret', 'abc']);

    expect(redact('key s3cret is wrong, s3cret! abc')).toBe('key *** is wrong, ***! abc');
    expect(redact('token t0ken', 't0ken')).toBe('token ***');
  });
});
