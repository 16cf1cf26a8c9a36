import type { Json } from '@cannectors/core';
import { expect, it } from 'vitest';
import { textOf, typeName } from '../src/index.ts';

it.each<[Json | undefined, string, string]>([
  ['', '', 'string'],
  [' a ', ' a ', 'string'],
  [42, '42', 'number'],
  [-0, '0', 'number'],
  [1_234_567_890_123, '1234567890123', 'number'],
  [1e6, '1000000', 'number'],
  [123_456_789_012_345_680_000, '123456789012345680000', 'number'],
  [1e21, '1e+21', 'number'],
  [12.5, '12.5', 'number'],
  [0.1, '0.1', 'number'],
  [1e-7, '0.0000001', 'number'],
  [-1.5e-7, '-0.00000015', 'number'],
  [1.234e-10, '0.0000000001234', 'number'],
  [9_007_199_254_740_993n, '9007199254740993', 'number'],
  [true, 'true', 'boolean'],
  [false, 'false', 'boolean'],
  [null, '', 'null'],
  [undefined, '', 'null'],
  [[1, 'a', null], '[1,"a",null]', 'array'],
  [{ a: { b: 9_007_199_254_740_993n } }, '{"a":{"b":9007199254740993}}', 'object'],
])('writes %o as %j', (value, text, type) => {
  expect(textOf(value)).toBe(text);
  expect(typeName(value)).toBe(type);
});
