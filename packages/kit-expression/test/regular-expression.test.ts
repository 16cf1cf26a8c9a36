import { describe, expect, it } from 'vitest';
import { regularExpression } from '../src/patterns.ts';

const replaced = (pattern: string, replacement: string, text: string) =>
  regularExpression(pattern, '/pattern').replacer(replacement)(text);

describe('a pattern', () => {
  it.each([
    ['^a', 'abc', true],
    ['(?i)ABC', 'xabcx', true],
    ['^$', '', true],
    ['\\d{3}', '12', false],
    ['\\p{Lu}', 'é', false],
    ['^.$', '😀', true],
    ['a\\nb', 'a\nb', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
  ])('is searched everywhere: %s in %j', (pattern, text, expected) => {
    expect(regularExpression(pattern, '/pattern').test(text)).toBe(expected);
  });

  it.each([
    ['[', undefined],
    ['a{1001}', undefined],
    ['(?=a)', expect.stringContaining('look-around')],
    ['(?<=a)b', expect.stringContaining('look-around')],
    ['(a)\\1', expect.stringContaining('back-references')],
  ])('is refused with its place: %s', (pattern, hint) => {
    expect(() => regularExpression(pattern, '/transforms/0/pattern')).toThrow(
      expect.objectContaining({
        code: 'expression.bad-pattern',
        category: 'validation',
        pointer: '/transforms/0/pattern',
        message: expect.stringMatching(/^invalid regex pattern /),
        hint,
      }),
    );
  });
});

describe('a replacement', () => {
  it.each([
    ['a', 'b', 'banana', 'bbnbnb'],
    ['[^0-9]+', '', '+33 (0)6', '3306'],
    ['(\\w+) (\\w+)', '$2 $1', 'Ada Lovelace', 'Lovelace Ada'],
    ['(\\w+) (\\w+)', '${2}${1}', 'Ada Lovelace', 'LovelaceAda'],
    ['(?P<first>\\w+) \\w+', '<${first}>', 'Ada Lovelace', '<Ada>'],
    ['(a)', '$1x', 'a', ''],
    ['(a)', '${1}x', 'a', 'ax'],
    ['(a)', '$2', 'a', ''],
    ['(a)|b', '[$1]', 'ab', '[a][]'],
    ['a', '$$1', 'a', '$1'],
    ['a', '$0$0', 'a', 'aa'],
    ['a', '$', 'a', '$'],
    ['a', '${', 'a', '${'],
    ['a', '${}', 'a', '${}'],
    ['a', '\\1', 'a', '\\1'],
    ['a*', '-', 'baac', '-b-c-'],
    ['', '-', 'ab', '-a-b-'],
    ['x', 'y', 'abc', 'abc'],
    ['.', 'x', '😀é', 'xx'],
    ['$', '!', 'a', 'a!'],
  ])('stands for every match: %s, %s, %s', (pattern, replacement, text, expected) => {
    expect(replaced(pattern, replacement, text)).toBe(expected);
  });
});
