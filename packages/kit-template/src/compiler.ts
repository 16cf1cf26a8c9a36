import { textOf } from '@cannectors/kit-record';
import type { Target } from './escape.ts';
import { missing, type Place } from './faults.ts';
import type { Evaluate } from './frame.ts';
import type { Scopes } from './scopes.ts';
import type { Expression, Value } from './tree.ts';

/** What is known, and found out, while one template is compiled. */
export interface Compiler {
  readonly target: Target;
  readonly isStrict: boolean;
  readonly scopes: Scopes;
  readonly roots: Set<string>;
  readonly stateNames: Set<string>;
  /** Compiles an expression whose value may be missing. */
  compile(expression: Expression): Evaluate;
}

/** The node of the tree of one kind. */
export type Kind<Name extends Expression['kind']> = Extract<Expression, { kind: Name }>;

/** Compiles an expression whose value is used: in a strict template it must not be missing. */
export function compileUsed(expression: Expression, compiler: Compiler): Evaluate {
  const evaluate = compiler.compile(expression);
  if (!compiler.isStrict || expression.kind === 'constant') return evaluate;
  return (frame) => used(evaluate(frame), expression);
}

/** @throws `template.missing` for a value that a strict template uses */
export function used(value: Value, expression: Expression): Value {
  if (value === undefined) throw missing(`${nameOf(expression)} is missing`, placeOf(expression));
  return value;
}

/** Names an expression in a message, as it was written if it is a path. */
export function nameOf(expression: Expression): string {
  const path = pathOf(expression);
  return path === undefined ? 'The value' : `\`${path}\``;
}

function pathOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member' && expression.kind !== 'item') return undefined;
  const object = pathOf(expression.object);
  if (object === undefined) return undefined;
  if (expression.kind === 'member') return `${object}.${expression.key}`;
  const { index } = expression;
  return index.kind === 'constant' ? `${object}[${textOf(index.value)}]` : `${object}[…]`;
}

/** Where an expression stands that may have no value. */
export function placeOf(expression: Expression): Place {
  if ('place' in expression) return expression.place;
  if (expression.kind === 'choice') return placeOf(expression.yes);
  if (expression.kind === 'and' || expression.kind === 'or') return placeOf(expression.left);
  return { line: 1, column: 1 };
}
