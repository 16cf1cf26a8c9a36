import { expect, it } from 'vitest';
import { problemLines } from '../src/problem-lines.ts';

const plain = (_colour: string, text: string) => text;

it('names file, line, column and path, and gives the hint', () => {
  const problem = {
    code: 'record.reserved',
    pointer: '/filters/2/target',
    line: 14,
    column: 15,
    message: '`_errors` is kept for error markers.',
    hint: 'Write to another field, as in `target: problems`.',
    expected: 'a path',
    actual: '_errors',
  };

  expect(problemLines('orders.yaml', problem, plain, false)).toBe(
    'orders.yaml:14:15 filters[2].target: `_errors` is kept for error markers.\n' +
      '  → Write to another field, as in `target: problems`.',
  );
  expect(problemLines('orders.yaml', problem, plain, true)).toContain(
    '\n  expected "a path"\n  found "_errors"\n',
  );
});

it('leaves out the place that is not known, and the path of what could not be parsed', () => {
  const message = 'empty content';

  expect(problemLines('a.yaml', { code: 'schema', pointer: '', message }, plain, false)).toBe(
    'a.yaml /: empty content',
  );
  expect(
    problemLines(
      'a.yaml',
      { code: 'parse.syntax', pointer: '', line: 1, column: 1, message },
      plain,
      false,
    ),
  ).toBe('a.yaml:1:1: empty content');
});
