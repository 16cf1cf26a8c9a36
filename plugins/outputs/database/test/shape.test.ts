import type { Json } from '@cannectors/core';
import { expect, it } from 'vitest';
import { shapeOf } from '../src/shape.ts';

it.each<[string, Json[], string]>([
  ['whole numbers', [1, -2, 0], 'integer'],
  ['whole numbers beyond 2^53', [1, 9007199254740993n], 'integer'],
  ['whole numbers beyond 64 bits', [1, 2n ** 63n], 'text'],
  ['the smallest of 64 bits', [-(2n ** 63n)], 'integer'],
  ['numbers', [0.5, 1e300], 'number'],
  ['whole and other numbers', [1, 0.5, 9007199254740993n], 'number'],
  ['booleans', [true, false, null], 'boolean'],
  ['texts', ['a', ''], 'text'],
  ['instants', ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456+02:00', null], 'instant'],
  ['instants and other texts', ['2026-01-02T03:04:05Z', 'soon'], 'text'],
  ['dates without a time', ['2026-01-02'], 'text'],
  ['local times', ['2026-01-02T03:04:05'], 'text'],
  ['objects and lists', [{ a: 1 }, [2], null], 'json'],
  ['objects and texts', [{ a: 1 }, 'x'], 'text'],
  ['numbers and texts', [1, 'x'], 'text'],
  ['numbers and booleans', [1, true], 'text'],
  ['nothing', [null, null], 'text'],
])('%s make a column of their type', (_, values, type) => {
  const rows = values.map((value) => [value]);

  expect(shapeOf(['a'], [], rows)).toStrictEqual([{ name: 'a', type, nullable: true }]);
});

it('only a key is never null, whatever the first rows have', () => {
  const shape = shapeOf(['id', 'name'], ['id'], [[1, 'a']]);

  expect(shape).toStrictEqual([
    { name: 'id', type: 'integer', nullable: false },
    { name: 'name', type: 'text', nullable: true },
  ]);
});
