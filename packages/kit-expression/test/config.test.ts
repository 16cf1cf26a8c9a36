import { expect, it } from 'vitest';
import { expressionField } from '../src/config.ts';

it('makes a field that is not blank, and is marked for the tools', () => {
  const field = expressionField({ description: 'What is asked.', examples: ['a > 1'] });

  expect(JSON.parse(JSON.stringify(field))).toEqual({
    type: 'string',
    minLength: 1,
    maxLength: 10_000,
    pattern: '\\S',
    description: 'What is asked.',
    examples: ['a > 1'],
    'x-cannectors': 'expression',
  });
});
