import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { answerOf } from '../src/answer.ts';
import { frameOf, frameReader } from '../src/frames.ts';

it.each([1, 2, 3, 5, 7, 64, 10_000])('reads frames that come %i bytes at a time', (size) => {
  const texts = ['', 'a', 'Ünïcödé 🧑‍🚀', 'x'.repeat(1000), ''];
  const heard: string[] = [];
  const read = frameReader(
    5000,
    (text) => heard.push(text),
    () => expect.unreachable(),
  );
  const all = Buffer.concat(texts.map(frameOf));

  for (let at = 0; at < all.length; at += size) read(all.subarray(at, at + size));

  expect(heard).toEqual(texts);
});

it('refuses a frame that is too long by its first bytes, and reads no more', () => {
  const heard: unknown[] = [];
  const read = frameReader(
    10,
    (text) => heard.push(text),
    (length) => heard.push(length),
  );

  read(frameOf('short'));
  read(frameOf('x'.repeat(11)).subarray(0, 5));
  read(frameOf('short'));

  expect(heard).toEqual(['short', 11]);
});

const right = {
  is: 'answer',
  id: 1,
  from: 0,
  next: 2,
  troubles: [],
  lines: [],
  hushed: 0,
} as const;

it('takes an answer that the harness would give', () => {
  const answer = {
    ...right,
    troubles: [{ at: 1, kind: 'thrown', text: 'x' }],
    lines: [['info', 'x', 0]],
  } as const;

  expect(answerOf(answer, '[{"a":12345678901234567890},null]', 0, 2).records).toEqual([
    { a: 12_345_678_901_234_567_890n },
    null,
  ]);
});

it.each([
  ['another place', { from: 1 }],
  ['an end before its begin', { next: 0 }],
  ['an end behind the job', { next: 3 }],
  ['an end that is no number', { next: '2' }],
  ['no list of troubles', { troubles: null }],
  ['a trouble of another record', { troubles: [{ at: 2, kind: 'thrown', text: '' }] }],
  ['a trouble of an unknown kind', { troubles: [{ at: 0, kind: 'late', text: '' }] }],
  ['a trouble without a text', { troubles: [{ at: 0, kind: 'thrown' }] }],
  ['a trouble that is null', { troubles: [null] }],
  ['a line of an unknown level', { lines: [['fatal', 'x', 0]] }],
  ['a line that is no list', { lines: [{}] }],
  ['origins out of the batch', { origins: [0, 2] }],
  ['too few origins', { origins: [0] }],
  ['origins that are no numbers', { origins: ['0', '1'] }],
])('refuses an answer with %s', (_title, wrong) => {
  expect(() => answerOf({ ...right, ...wrong } as never, '[{},{}]', 0, 2)).toThrow(
    /not what a script gives|null|iterable/,
  );
});

it.each(['', '{}', '[{}]', '[{},{},{}]', '[{},{}', 'null', '[{},1e999]'])(
  'refuses an answer with the records %s',
  (text) => {
    expect(() => answerOf(right, text, 0, 2)).toThrow(/not what a script gives|JSON|too large/);
  },
);
