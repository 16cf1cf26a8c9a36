import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { callFields } from '../src/config.ts';

const config = Type.Object(callFields, { additionalProperties: false });

describe('callFields', () => {
  it('has the defaults of the contract', () => {
    expect(Value.Default(config, { cache: {} })).toEqual({
      mergeStrategy: 'merge',
      cache: { enabled: false, maxSize: 1000, ttlSeconds: 300 },
    });
  });

  it.each([
    { mergeStrategy: 'Merge' },
    { mergeStrategy: 'upsert' },
    { resultKey: 1 },
    { cache: { maxSize: 0 } },
    { cache: { ttlSeconds: 0 } },
    { cache: { key: '' } },
    { cache: { size: 1 } },
    { cache: true },
  ])('refuses %j', (given) => {
    expect(Value.Check(config, Value.Default(config, given))).toBe(false);
  });
});
