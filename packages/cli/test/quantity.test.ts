import { expect, it } from 'vitest';
import { count, durationText, rateText } from '../src/quantity.ts';

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1300, '1.3 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_840_000, '1 h 4 min'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it('gives the rate in records a second', () => {
  expect(rateText(500, 1300)).toBe('385 records/s');
  expect(rateText(500, 0)).toBe('');
  expect(rateText(0, 1300)).toBe('');
});

it('counts one and many', () => {
  expect(count(1, 'record')).toBe('1 record');
  expect(count(2, 'batch', 'batches')).toBe('2 batches');
});
