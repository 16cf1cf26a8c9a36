import { Fault } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { jsonBody } from '../src/index.ts';

const problem = (reason: string): Fault => new Fault('test.not-json', reason);

describe('jsonBody', () => {
  it('keeps every digit', () => {
    expect(jsonBody('{"id": 9007199254740993}', problem)).toEqual({ id: 9_007_199_254_740_993n });
  });

  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a": [1, 2', 'unexpected end of JSON input'],
    ['{"a": "b', 'unexpected end of JSON input'],
    ['<html>s3cret</html>', "unexpected token '<'"],
    ['{"a": s3cret}', "unexpected token 's'"],
    ['['.repeat(600) + ']'.repeat(600), 'the JSON is nested more than 512 levels deep.'],
  ])('says of %j what is wrong, and quotes none of it', (text, reason) => {
    expect(() => jsonBody(text, problem)).toThrow(
      expect.objectContaining({ code: 'test.not-json', message: reason }),
    );
  });
});
