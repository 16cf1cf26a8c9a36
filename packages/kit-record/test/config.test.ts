import { expect, it } from 'vitest';
import { pathField } from '../src/config.ts';

it('is a string with the annotation', () => {
  expect(pathField({ description: 'Where to write.', examples: ['a.b'] })).toEqual({
    type: 'string',
    minLength: 1,
    maxLength: 1000,
    description: 'Where to write.',
    examples: ['a.b'],
    'x-cannectors': 'path',
  });
});
