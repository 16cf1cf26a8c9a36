import type { Json } from '@cannectors/core';
import { compileArguments } from './arguments.ts';
import { predicateNamed } from './compile-test.ts';
import { type Compiler, compileUsed, type Kind } from './compiler.ts';
import { type Place, syntax } from './faults.ts';
import { type Filter, filter } from './filter.ts';
import { charge, costOf, type Evaluate, type Frame } from './frame.ts';
import { attributeOf, listFilters } from './list-filters.ts';
import { numberFilters } from './number-filters.ts';
import { textFilters } from './text-filters.ts';
import type { Arguments, Expression, Value } from './tree.ts';
import { isTruthy, listOf, sized } from './values.ts';

/** Compiles `input | name(arguments)`. */
export function compileFilter(expression: Kind<'filter'>, compiler: Compiler): Evaluate {
  const { name, given, place } = expression;
  const choosing = choosers.get(name);
  if (choosing !== undefined) return compileChoosing(expression, choosing, compiler);
  if (name === 'map') return compileMapping(expression, compiler);

  // `default` is the one filter that is there for missing values.
  const input =
    name === 'default' || name === 'd'
      ? compiler.compile(expression.input)
      : compileUsed(expression.input, compiler);
  const apply = compileApplication({ name, given, place }, compiler);
  return (frame) => apply(frame)(input(frame));
}

type Application = (frame: Frame) => (input: Value) => Value;

/** Compiles a filter without its input. Its arguments are looked at once for all inputs. */
function compileApplication(
  { name, given, place }: { name: string; given: Arguments; place: Place },
  compiler: Compiler,
): Application {
  const found = filters.get(name);
  if (found === undefined) throw syntax(`There is no filter \`${name}\``, place);
  const args = compileArguments(name, found, given, place, compiler);
  return (frame) => {
    const values = args(frame);
    return (input) => {
      charge(frame, 1 + costOf(input));
      const result = found.apply(input, values, place);
      charge(frame, costOf(result));
      return typeof result === 'string' ? sized(result) : result;
    };
  };
}

const orDefault = filter(['default_value', 'boolean'], (input, [otherwise = '', boolean]) =>
  input === undefined || input === null || (isTruthy(boolean) && !isTruthy(input))
    ? otherwise
    : input,
);

const filters: ReadonlyMap<string, Filter> = new Map([
  ['default', orDefault],
  ['d', orDefault],
  ...textFilters,
  ...listFilters,
  ...numberFilters,
]);

/** `map(attribute='a.b', default=…)`, or `map('filter', …)`. */
function compileMapping(expression: Kind<'filter'>, compiler: Compiler): Evaluate {
  const { given, place } = expression;
  const input = compileUsed(expression.input, compiler);
  const apply =
    given.positional.length === 0
      ? compileAttribute(given, place, compiler)
      : compileApplication({ ...inner(expression, 0), place }, compiler);
  return (frame) => {
    const list = listOf(input(frame), place);
    const change = apply(frame);
    charge(frame, list.length);
    return list.map((item) => change(item) ?? null);
  };
}

function compileAttribute(given: Arguments, place: Place, compiler: Compiler): Application {
  const signature = { parameters: ['attribute', 'default'] };
  const args = compileArguments('map', signature, given, place, compiler);
  return (frame) => {
    const [attribute, otherwise] = args(frame);
    return (item) => attributeOf(item, attribute) ?? otherwise;
  };
}

interface Choosing {
  /** What is chosen, when the test says so. */
  readonly keeps: boolean;
  /** It looks at an attribute of each item, named by the first argument. */
  readonly byAttribute: boolean;
}

const choosers: ReadonlyMap<string, Choosing> = new Map([
  ['select', { keeps: true, byAttribute: false }],
  ['reject', { keeps: false, byAttribute: false }],
  ['selectattr', { keeps: true, byAttribute: true }],
  ['rejectattr', { keeps: false, byAttribute: true }],
]);

/** `select('test', …)`, `selectattr('a', 'test', …)`; without a test, whether the value is true. */
function compileChoosing(
  expression: Kind<'filter'>,
  { keeps, byAttribute }: Choosing,
  compiler: Compiler,
): Evaluate {
  const { name, given, place } = expression;
  const input = compileUsed(expression.input, compiler);
  const at = byAttribute ? 1 : 0;
  const [first] = given.positional;
  if (byAttribute && first === undefined) throw syntax(`\`${name}\` needs an attribute`, place);
  const attribute = byAttribute && first !== undefined ? compileUsed(first, compiler) : undefined;
  const test =
    given.positional.length > at
      ? compilePredicate(inner(expression, at), place, compiler)
      : () => isTruthy;
  return (frame) => {
    const list = listOf(input(frame), place);
    const path = attribute?.(frame);
    const isChosen = test(frame);
    charge(frame, list.length);
    return list.filter((item: Json) => isChosen(attributeOf(item, path)) === keeps);
  };
}

function compilePredicate(
  { name, given }: { name: string; given: Arguments },
  place: Place,
  compiler: Compiler,
): (frame: Frame) => (value: Value) => boolean {
  const predicate = predicateNamed(name, place);
  const signature = { parameters: predicate.takesArgument ? ['other'] : [] };
  const args = compileArguments(name, signature, given, place, compiler);
  return (frame) => {
    const [other] = args(frame);
    return (value) => {
      charge(frame, costOf(other));
      return predicate.test(value, other, place);
    };
  };
}

/** Takes the name of a filter or a test out of arguments, where it is a text. */
function inner(
  { name, given, place }: Kind<'filter'>,
  at: number,
): { name: string; given: Arguments } {
  const named: Expression | undefined = given.positional[at];
  if (named?.kind !== 'constant' || typeof named.value !== 'string') {
    throw syntax(`\`${name}\` takes the name of a filter or a test as a text`, place);
  }
  return {
    name: named.value,
    given: { positional: given.positional.slice(at + 1), named: given.named },
  };
}
