import { isFault, type Json } from '@cannectors/core';
import { describe, expect, it } from 'vitest';
import { functionNames as names } from '../src/functions/table.ts';
import { expression } from '../src/index.ts';
import { type Expected, sections } from './fixtures/conformance.ts';

/** What came of an expression, in the form that a row expects it. */
function outcome(source: string, env: Readonly<Record<string, unknown>>): Expected {
  let compiled;
  try {
    compiled = expression(source, '/expression');
  } catch (error) {
    if (isFault(error) && error.pointer === '/expression') return { refused: error.code };
    throw error;
  }
  try {
    return compiled.evaluate(env);
  } catch (error) {
    if (isFault(error) && error.code === 'expression.failed') return { fails: error.message };
    throw error;
  }
}

describe.each(sections)('$title', ({ env = {}, rows }) => {
  it.each(rows)('%s', (source, expected) => {
    expect(shortened(outcome(source, env), expected)).toStrictEqual(expected);
  });
});

/** A row names the beginning of a message. */
function shortened(result: Expected, expected: Expected): Expected {
  if (!isFailure(result) || !isFailure(expected)) return result;
  return { fails: result.fails.slice(0, expected.fails.length) };
}

it('has a row for every function', () => {
  const written = sections.flatMap(({ rows }) => rows.map(([source]) => source)).join('\n');

  expect([...names].filter((name) => !new RegExp(`\\b${name}\\(`).test(written))).toEqual([]);
});

function isFailure(expected: Expected): expected is { fails: string } {
  return (
    typeof expected === 'object' && expected !== null && 'fails' in (expected as Json & object)
  );
}
