import { Fault, isFault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { logTo } from '../src/log.ts';
import { scrub } from '../src/scrub.ts';

describe('scrub', () => {
  it.each([
    ['the key s3cret-key is wrong', 'the key *** is wrong'],
    ['s3cret-key and s3cret-key', '*** and ***'],
    [
      'GET https://jane:pass@api.example.com/a/b?token=x#y failed',
      'GET https://api.example.com/a/b failed',
    ],
    ['postgres://u:p@db:5432/shop?sslmode=off', 'postgres://db:5432/shop'],
    ['see "https://x.example.com?a=1", or not', 'see "https://x.example.com", or not'],
    ['?key=p%40ss%20word&x', '?key=***&x'],
    ['{"key":"say \\"hi\\""}', '{"key":"***"}'],
    ['ab is short', 'ab is short'],
    ['nothing to hide: a@b.example.com', 'nothing to hide: a@b.example.com'],
  ])('%s', (text, expected) => {
    const known = ['s3cret-key', 'p@ss word', 'say "hi"', 'ab'];

    expect(scrub(known).text(text)).toBe(expected);
  });

  it('hides the longer of two secrets first', () => {
    expect(scrub(['abcd', 'abcdefgh']).text('abcdefgh')).toBe('***');
  });

  it('cleans what a fault says, and why', () => {
    const fault = new Fault('http.down', 'No answer from https://u:p@x.example.com/?q=1.', {
      category: 'network',
      hint: 'Check s3cret-key.',
      pointer: '/endpoint',
      retry: 500,
      statusCode: 503,
      details: { url: 'https://x.example.com/?q=1', list: ['s3cret-key'] },
      cause: new Error('outer', { cause: new Error('s3cret-key') }),
    });

    const clean = scrub(['s3cret-key']).fault(fault);

    expect(isFault(clean)).toBe(true);
    expect(clean).toMatchObject({
      code: 'http.down',
      message: 'No answer from https://x.example.com/.',
      category: 'network',
      hint: 'Check ***.',
      pointer: '/endpoint',
      retry: 500,
      statusCode: 503,
      details: { url: 'https://x.example.com/', list: ['***'] },
    });
    expect((clean.cause as Error).message).toBe('outer: ***');
  });

  it('cleans every field of a log line', () => {
    const lines: unknown[] = [];
    const log = logTo((entry) => lines.push(entry.fields), 'info', scrub(['s3cret-key']), {});

    log.info('x', {
      a: 's3cret-key',
      b: { c: ['https://u:p@x.example.com'] },
      n: 1,
      none: undefined,
    });
    log.debug('y', { a: 1 });

    expect(lines).toEqual([
      { a: '***', b: { c: ['https://x.example.com'] }, n: 1, none: undefined },
    ]);
  });
});
