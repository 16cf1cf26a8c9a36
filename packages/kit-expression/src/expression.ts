import { isFault, type Json } from '@cannectors/core';
import { type Environment, type Frame, frameOf, shortened } from './code.ts';
import { compile } from './compile.ts';
import { empty, tooCostly, tooLong } from './faults.ts';
import { maxLength, maxSteps } from './limits.ts';
import { parse } from './parser.ts';
import { plainOf } from './plain.ts';
import { isTruthy } from './truthiness.ts';

/** An expression, compiled once and used for every record. */
export interface Expression {
  /** As it was written. */
  readonly source: string;
  /** The root variables it reads. */
  readonly names: ReadonlySet<string>;
  /** The names after `state.`: which cursors it wants. */
  readonly stateNames: ReadonlySet<string>;
  /**
   * Computes the value.
   *
   * Nil is null, dates are RFC 3339 text. In `env` a `bigint` is an integer, and a number is a double
   * unless the record is marked with `markIntegers`. `env` is not changed; the value may share
   * lists and objects with it.
   *
   * @throws `expression.failed` where the data does not fit, such as a member of nil;
   * `expression.too-costly` after a million steps
   */
  evaluate(env: Environment): Json;
}

/**
 * Compiles an expression: the dialect of the `expr` language, version 1.17.
 *
 * @param pointer where `source` stands in the config: a JSON Pointer (RFC 6901)
 * @throws `expression.syntax` and other faults with a `pointer`, when it does not compile
 * @example expression('price * quantity', '/parameters/0').evaluate({ price: 2, quantity: 3 })
 * @see spec/connectors/templates-and-expressions.md, section 4
 */
export function expression(source: string, pointer: string): Expression {
  const { parsed, evaluate } = prepare(source, pointer, plainOf);
  return { source, names: parsed.names, stateNames: parsed.stateNames, evaluate };
}

/**
 * Compiles an expression that says yes or no. What is not a boolean counts by `isTruthy`.
 *
 * @throws as `expression` does, also when it is called
 * @example condition('status == "paid" && amount > 100', '/expression')
 */
export function condition(source: string, pointer: string): (env: Environment) => boolean {
  return prepare(source, pointer, isTruthy).evaluate;
}

function prepare<Result>(
  source: string,
  pointer: string,
  resultOf: (value: unknown, frame: Frame) => Result,
) {
  if (source.trim() === '') throw empty(pointer);
  if (source.length > maxLength) throw tooLong(source.length, maxLength, pointer);

  const parsed = parse(source, pointer);
  const run = compile(parsed, source, pointer);
  const site = { text: shortened(source, 60), pointer, name: '' };
  // Nothing waits in an expression, so that one frame serves all evaluations.
  const frame = frameOf(parsed.slots, site);
  const { slots } = frame;
  const steps = maxSteps;

  const evaluate = (env: Environment): Result | boolean => {
    frame.steps = steps;
    try {
      const value = run(env, frame);
      return value === true || value === false ? value : resultOf(value, frame);
    } catch (error) {
      if (isFault(error)) throw error;
      // Nothing else is thrown but for lack of space: a list in a list, a hundred thousand deep.
      throw tooCostly('there is space for', site.text, pointer);
    } finally {
      // It keeps nothing of the record.
      if (slots.length > 0) slots.fill(undefined);
    }
  };
  return { parsed, evaluate };
}
