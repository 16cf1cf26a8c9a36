import { describe, expect, it } from 'vitest';
import { jsonText, parseJson } from '../src/index.ts';

const code = (wanted: string): unknown => expect.objectContaining({ code: wanted });

describe('parseJson', () => {
  it.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['-9007199254740993', -9_007_199_254_740_993n],
    ['[18446744073709551615]', [18_446_744_073_709_551_615n]],
    [
      '{"a":{"b":[1,12345678901234567890]},"c":1}',
      { a: { b: [1, 12_345_678_901_234_567_890n] }, c: 1 },
    ],
    ['{"s":"12345678901234567890"}', { s: '12345678901234567890' }],
    ['1e20', 1e20],
    ['9007199254740993.0', 9_007_199_254_740_992],
    ['0.12345678901234567890', 0.123_456_789_012_345_68],
    ['null', null],
    ['"text"', 'text'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it('keeps __proto__ as a plain key', () => {
    const texts = [
      '{"__proto__": {"a": 1}}',
      '{"__proto__": {"a": 1}, "id": 12345678901234567890}',
    ];

    for (const value of texts.map(parseJson)) {
      expect(Object.keys(value as object)).toContain('__proto__');
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });

  it('reads 512 levels and refuses one more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

    expect(jsonText(parseJson(nested(512)))).toBe(nested(512));
    expect(() => parseJson(nested(513))).toThrow(code('record.too-deep'));
    expect(() => parseJson(`[12345678901234567890,{"a":${nested(512)}}]`)).toThrow(
      code('record.too-deep'),
    );
    expect(() => parseJson(nested(100_000))).toThrow(code('record.too-deep'));
  });

  it.each(['1e400', '[-1e400]', '1'.repeat(1001)])('refuses the number %s', (text) => {
    expect(() => parseJson(text)).toThrow(code('record.number-too-large'));
  });

  it.each(['', '{', '{a:1}', '[1,]', 'NaN'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(code('record.not-json'));
  });

  it.each([
    'secret',
    '{"password": secret}',
    '[1, 2, secret',
    '{"a": "secret',
    'secret '.repeat(50),
    'undefined',
  ])('says of %s what is wrong, and quotes nothing of it', (text) => {
    expect(() => parseJson(text)).toThrow(/^The text is not JSON: [A-Z]/);
    expect(() => parseJson(text)).not.toThrow(/secret|undefined/);
  });
});

describe('jsonText', () => {
  it('writes all digits', () => {
    const text = '{"id":12345678901234567890,"list":[-9007199254740993,1.5,"x"]}';

    expect(jsonText(parseJson(text))).toBe(text);
  });

  it('writes lines when it is asked to', () => {
    expect(jsonText({ a: [12_345_678_901_234_567_890n] }, 2)).toBe(
      '{\n  "a": [\n    12345678901234567890\n  ]\n}',
    );
  });

  it('writes __proto__ as the key it is', () => {
    expect(jsonText(parseJson('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });
});
