import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../src/retry-after.ts';

const now = new Date('2026-11-22T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
    ['Sun Nov 22 10:00:30 2026', 30_000],
    ['Tue Dec  1 10:00:00 2026', 9 * 24 * 3600 * 1000],
    ['Sat, 21 Nov 2026 10:00:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ])('%j is a wait of %d ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    'soon',
    '1e3',
    'Sun, 22 Xyz 2026 10:00:30 GMT',
    'Sun, 22 Nov 2026 10:00:30 CET',
    '2026-11-22T10:00:30Z',
  ])('%j is none', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });
});
