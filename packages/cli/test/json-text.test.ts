import { expect, it } from 'vitest';
import { jsonText, jsonValue } from '../src/json-text.ts';

it('carries every digit both ways', () => {
  const text = '{"id":12345678901234567890,"small":-3,"share":0.5,"big":1e+30}';

  expect(jsonValue(text)).toEqual({
    id: 12_345_678_901_234_567_890n,
    small: -3,
    share: 0.5,
    big: 1e30,
  });
  expect(jsonText(jsonValue(text))).toBe(text);
});
