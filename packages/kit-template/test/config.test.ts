import { expect, it } from 'vitest';
import { templateField } from '../src/config.ts';

it('is a string with the annotation', () => {
  expect(templateField({ description: 'The message.', minLength: 1 })).toEqual({
    type: 'string',
    description: 'The message.',
    minLength: 1,
    'x-cannectors': 'template',
  });
});
