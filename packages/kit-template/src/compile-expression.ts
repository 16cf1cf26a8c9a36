import type { JsonRecord } from '@cannectors/core';
import { isRecord, setKey, textOf } from '@cannectors/kit-record';
import { compileFilter } from './compile-filter.ts';
import { compileTest } from './compile-test.ts';
import { type Compiler, compileUsed, type Kind, nameOf } from './compiler.ts';
import type { Target } from './escape.ts';
import { failed, missing, syntax } from './faults.ts';
import { charge, costOf, type Evaluate, unset } from './frame.ts';
import { compileCall } from './functions.ts';
import { callMethod, isMethod } from './methods.ts';
import { compare, compute, signed } from './operators.ts';
import { scopes } from './scopes.ts';
import { rootReader } from './template-scope.ts';
import type { Expression, Value } from './tree.ts';
import { charactersOf, isTruthy, itemAt, keyOf, kindOf, sized } from './values.ts';

/** Makes the compiler of one template. */
export function compilerFor(target: Target, isStrict: boolean): Compiler {
  const compiler: Compiler = {
    target,
    isStrict,
    scopes: scopes(),
    roots: new Set(),
    stateNames: new Set(),
    compile: (expression) => compile(expression, compiler),
  };
  return compiler;
}

function compile(expression: Expression, compiler: Compiler): Evaluate {
  switch (expression.kind) {
    case 'constant':
      return () => expression.value;
    case 'name':
      return compileName(expression, compiler);
    case 'member':
      return compileMember(expression, compiler);
    case 'item':
      return compileItem(expression, compiler);
    case 'slice':
      return compileSlice(expression, compiler);
    case 'list':
      return compileList(expression, compiler);
    case 'map':
      return compileMap(expression, compiler);
    case 'not': {
      const operand = compileUsed(expression.operand, compiler);
      return (frame) => !isTruthy(operand(frame));
    }
    case 'sign': {
      const operand = compileUsed(expression.operand, compiler);
      return (frame) => signed(expression.operator, operand(frame), expression.place);
    }
    case 'arithmetic':
      return compileArithmetic(expression, compiler);
    case 'concatenation':
      return compileConcatenation(expression, compiler);
    case 'and':
    case 'or':
      return compileLogic(expression, compiler);
    case 'comparison':
      return compileComparison(expression, compiler);
    case 'choice':
      return compileChoice(expression, compiler);
    case 'filter':
      return compileFilter(expression, compiler);
    case 'test':
      return compileTest(expression, compiler);
    case 'call':
      return compileCall(expression, compiler);
    case 'method':
      return compileMethod(expression, compiler);
  }
}

function compileName({ name }: Kind<'name'>, compiler: Compiler): Evaluate {
  const { slots, isSure } = compiler.scopes.find(name);
  const [only] = slots;
  if (isSure && slots.length === 1 && only !== undefined) {
    return ({ slots: values }) => values[only] as Value;
  }
  const root = isSure ? undefined : rootReader(name);
  if (!isSure) compiler.roots.add(name);
  if (slots.length === 0 && root !== undefined) return (frame) => root(frame.scope);

  return (frame) => {
    for (const slot of slots) {
      const value = frame.slots[slot];
      if (value !== unset) return value;
    }
    return root?.(frame.scope);
  };
}

function compileMember(expression: Kind<'member'>, compiler: Compiler): Evaluate {
  const { key } = expression;
  const object = compileObject(expression, compiler);
  if (expression.object.kind === 'name' && expression.object.name === 'state') {
    compiler.stateNames.add(key);
  }
  return (frame) => {
    const value = object(frame);
    return isRecord(value) ? keyOf(value, key) : undefined;
  };
}

/** Nothing can be read from what is not there, not even in a lenient template. */
function compileObject(
  expression: Kind<'member' | 'item' | 'slice' | 'method'>,
  compiler: Compiler,
): Evaluate {
  const object = compiler.compile(expression.object);
  return (frame) => {
    const value = object(frame);
    if (value === undefined || value === null) {
      const state = value === null ? 'null' : 'missing';
      const message = `${nameOf(expression.object)} is ${state}, so nothing can be read from it`;
      throw missing(message, expression.place);
    }
    return value;
  };
}

function compileItem(expression: Kind<'item'>, compiler: Compiler): Evaluate {
  const object = compileObject(expression, compiler);
  const index = compileUsed(expression.index, compiler);
  return (frame) => {
    const value = object(frame);
    if (typeof value === 'string') charge(frame, costOf(value));
    return itemAt(value, index(frame));
  };
}

function compileSlice(expression: Kind<'slice'>, compiler: Compiler): Evaluate {
  const { place } = expression;
  const object = compileObject(expression, compiler);
  const [from, to, step] = [expression.from, expression.to, expression.step].map((part) =>
    part === undefined ? undefined : compileUsed(part, compiler),
  );
  return (frame) => {
    const value = object(frame);
    charge(frame, costOf(value));
    const bounds = [from, to, step].map((part) => {
      const bound = part?.(frame) ?? undefined;
      if (bound === undefined || Number.isInteger(bound)) return bound as number | undefined;
      throw failed(`A slice takes whole numbers, not ${kindOf(bound)}`, place);
    });
    if (bounds[2] === 0) throw failed('The step of a slice cannot be 0', place);
    if (typeof value === 'string') return sliced(charactersOf(value), bounds).join('');
    if (Array.isArray(value)) return sliced(value, bounds);
    throw failed(`${nameOf(expression.object)} is ${kindOf(value)}, which has no slices`, place);
  };
}

/** As in Python: bounds count from the end when negative, and a negative step goes backwards. */
function sliced<Part>(
  parts: readonly Part[],
  [from, to, step = 1]: readonly (number | undefined)[],
): Part[] {
  const { length } = parts;
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (given: number): number =>
    Math.min(Math.max(given < 0 ? given + length : given, lowest), highest);
  const start = from === undefined ? (step > 0 ? lowest : highest) : bound(from);
  const end = to === undefined ? (step > 0 ? highest : lowest) : bound(to);
  if (step === 1) return parts.slice(start, Math.max(start, end));

  const found: Part[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) found.push(parts[at] as Part);
  return found;
}

function compileList({ items }: Kind<'list'>, compiler: Compiler): Evaluate {
  const parts = items.map((item) => compileUsed(item, compiler));
  return (frame) => parts.map((part) => part(frame) ?? null);
}

function compileMap({ entries, place }: Kind<'map'>, compiler: Compiler): Evaluate {
  const parts = entries.map(
    ([key, value]) => [compileUsed(key, compiler), compileUsed(value, compiler)] as const,
  );
  return (frame) => {
    const map: JsonRecord = {};
    for (const [key, value] of parts) {
      const name = key(frame);
      if (typeof name === 'object') throw failed(`${kindOf(name)} cannot be a key`, place);
      setKey(map, textOf(name), value(frame) ?? null);
    }
    return map;
  };
}

function compileArithmetic(expression: Kind<'arithmetic'>, compiler: Compiler): Evaluate {
  const { operator, place } = expression;
  const left = compileUsed(expression.left, compiler);
  const right = compileUsed(expression.right, compiler);
  return (frame) => {
    const result = compute(operator, left(frame), right(frame), place);
    charge(frame, costOf(result));
    return result;
  };
}

function compileConcatenation({ parts }: Kind<'concatenation'>, compiler: Compiler): Evaluate {
  const values = parts.map((part) => compileUsed(part, compiler));
  return (frame) => {
    let text = '';
    for (const value of values) text = sized(text + textOf(value(frame)));
    charge(frame, costOf(text));
    return text;
  };
}

/** Gives one of the two operands, as Python does, and does not look at one that it does not need. */
function compileLogic(expression: Kind<'and' | 'or'>, compiler: Compiler): Evaluate {
  const left = compileUsed(expression.left, compiler);
  const right = compiler.compile(expression.right);
  const goesOn = expression.kind === 'and';
  return (frame) => {
    const value = left(frame);
    return isTruthy(value) === goesOn ? right(frame) : value;
  };
}

function compileComparison(expression: Kind<'comparison'>, compiler: Compiler): Evaluate {
  const first = compileUsed(expression.first, compiler);
  const links = expression.rest.map(({ comparator, operand, place }) => ({
    comparator,
    operand: compileUsed(operand, compiler),
    place,
  }));
  return (frame) => {
    let left = first(frame);
    for (const { comparator, operand, place } of links) {
      const right = operand(frame);
      charge(frame, costOf(right));
      if (!compare(comparator, left, right, place)) return false;
      left = right;
    }
    return true;
  };
}

function compileChoice(expression: Kind<'choice'>, compiler: Compiler): Evaluate {
  const condition = compileUsed(expression.condition, compiler);
  const yes = compiler.compile(expression.yes);
  const no: Evaluate =
    expression.no === undefined ? () => undefined : compiler.compile(expression.no);
  return (frame) => (isTruthy(condition(frame)) ? yes(frame) : no(frame));
}

function compileMethod(expression: Kind<'method'>, compiler: Compiler): Evaluate {
  const { name, place } = expression;
  const { positional, named } = expression.given;
  const [unexpected] = named;
  if (unexpected !== undefined) {
    throw syntax(`\`${name}\` takes no argument named \`${unexpected[0]}\``, place);
  }
  const isCycle =
    name === 'cycle' && expression.object.kind === 'name' && expression.object.name === 'loop';
  if (!isCycle && !isMethod(name)) throw syntax(`There is no method \`${name}\``, place);
  const object = compileObject(expression, compiler);
  const given = positional.map((argument) => compileUsed(argument, compiler));
  return (frame) => {
    const value = object(frame);
    charge(frame, 1 + costOf(value));
    const values = given.map((argument) => argument(frame));
    return isCycle
      ? values[Number(itemAt(value, 'index0')) % values.length]
      : callMethod(value, name, values, place);
  };
}
