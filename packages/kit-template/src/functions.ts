import type { Json, JsonRecord } from '@cannectors/core';
import { setKey } from '@cannectors/kit-record';
import { compileArguments } from './arguments.ts';
import { type Compiler, compileUsed, type Kind } from './compiler.ts';
import { failed, type Place, syntax } from './faults.ts';
import { wholeOf } from './filter.ts';
import type { Evaluate } from './frame.ts';
import { charge } from './frame.ts';
import type { Value } from './tree.ts';
import { assertItems } from './values.ts';

/** Compiles a call: `range`, `dict` or `namespace`, there are no others. */
export function compileCall(expression: Kind<'call'>, compiler: Compiler): Evaluate {
  const { name, given, place } = expression;
  switch (name) {
    case 'range': {
      const signature = { parameters: ['start', 'stop', 'step'] };
      const bounds = compileArguments(name, signature, given, place, compiler);
      return (frame) => {
        const numbers = range(bounds(frame), place);
        charge(frame, numbers.length);
        return numbers;
      };
    }
    case 'dict':
      return compileRecord(expression, compiler);
    case 'namespace': {
      const values = compileRecord(expression, compiler);
      return (frame) => {
        const namespace = values(frame);
        namespaces.add(namespace);
        return namespace;
      };
    }
    default:
      throw syntax(`There is no function \`${name}\``, place);
  }
}

/** Tells whether a value was made by `namespace()`: only such values can be changed. */
export function isNamespace(value: Value): value is JsonRecord {
  return typeof value === 'object' && value !== null && namespaces.has(value);
}

const namespaces = new WeakSet<object>();

function compileRecord(
  { name, given, place }: Kind<'call'>,
  compiler: Compiler,
): (frame: Parameters<Evaluate>[0]) => JsonRecord {
  if (given.positional.length > 0) {
    throw syntax(`\`${name}\` takes arguments with names only`, place);
  }
  const parts = given.named.map(([key, value]) => [key, compileUsed(value, compiler)] as const);
  return (frame) => {
    const record: JsonRecord = {};
    for (const [key, value] of parts) setKey(record, key, value(frame) ?? null);
    return record;
  };
}

/** `range(stop)`, `range(start, stop)`, `range(start, stop, step)`, as in Python. */
function range([first, second, third]: readonly Value[], place: Place): Json[] {
  const [start, stop] = second === undefined ? [0, first] : [wholeOf(first, 0, place), second];
  const end = wholeOf(stop, 0, place);
  const step = wholeOf(third, 1, place);
  if (step === 0) throw failed('The step of `range` cannot be 0', place);
  const length = Math.max(0, Math.ceil((end - start) / step));
  assertItems(length);
  return Array.from({ length }, (_, index) => start + index * step);
}
