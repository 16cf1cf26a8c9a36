import { pipe } from './call-syntax.ts';
import { syntax } from './faults.ts';
import { functionNames } from './functions/table.ts';
import { operand, postfix } from './operand.ts';
import {
  accept,
  advance,
  current,
  expect,
  is,
  made,
  nested,
  type Parser,
  unexpected,
} from './reader.ts';
import type { BinaryOperator, Node } from './syntax.ts';
import { tokensOf } from './tokens.ts';

/** An expression as a tree. */
export interface Parsed {
  readonly root: Node;
  /** The root variables it reads. */
  readonly names: ReadonlySet<string>;
  /** The names after `state.`. */
  readonly stateNames: ReadonlySet<string>;
  /** How many values it keeps: names of `let`, and what predicates see. */
  readonly slots: number;
  /** It can tell integers from doubles: it has a `%`, or asks for a `type`. */
  readonly isExact: boolean;
}

/** Parses an expression. */
export function parse(source: string, pointer: string): Parsed {
  const parser: Parser = {
    tokens: tokensOf(source, pointer),
    pointer,
    index: 0,
    depth: 0,
    slots: 0,
    loop: undefined,
    locals: new Map(),
    names: new Set(),
    stateNames: new Set(),
    isExact: false,
    sequence,
    expression,
    operation,
  };
  const root = sequence(parser);
  if (current(parser).kind !== 'end') throw unexpected(parser, 'an operator or the end');
  const { names, stateNames, slots, isExact } = parser;
  return { root, names, stateNames, slots, isExact };
}

interface Binding {
  readonly power: number;
  readonly operator: BinaryOperator | 'and' | 'or' | '|';
  readonly isRight?: true;
}

const bindings = new Map<string, Binding>([
  ['|', { power: 0, operator: '|' }],
  ['or', { power: 10, operator: 'or' }],
  ['||', { power: 10, operator: 'or' }],
  ['and', { power: 15, operator: 'and' }],
  ['&&', { power: 15, operator: 'and' }],
  ['==', { power: 20, operator: '==' }],
  ['!=', { power: 20, operator: '!=' }],
  ['<', { power: 20, operator: '<' }],
  ['<=', { power: 20, operator: '<=' }],
  ['>', { power: 20, operator: '>' }],
  ['>=', { power: 20, operator: '>=' }],
  ['in', { power: 20, operator: 'in' }],
  ['matches', { power: 20, operator: 'matches' }],
  ['contains', { power: 20, operator: 'contains' }],
  ['startsWith', { power: 20, operator: 'startsWith' }],
  ['endsWith', { power: 20, operator: 'endsWith' }],
  ['..', { power: 25, operator: '..' }],
  ['+', { power: 30, operator: '+' }],
  ['-', { power: 30, operator: '-' }],
  ['*', { power: 60, operator: '*' }],
  ['/', { power: 60, operator: '/' }],
  ['%', { power: 60, operator: '%' }],
  ['**', { power: 100, operator: '**', isRight: true }],
  ['^', { power: 100, operator: '**', isRight: true }],
  ['??', { power: 500, operator: '??' }],
]);

/** `x not in y`: the operators that take a `not` before them. */
const negatable = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);

const orderings = new Set(['<', '<=', '>', '>=']);

const endsSequence = new Set(['', ')', '}']);

/** Expressions joined by `;`, of which the last one counts. */
function sequence(p: Parser): Node {
  let node = expression(p);
  while (accept(p, ';') && !endsSequence.has(current(p).text)) node = expression(p);
  return node;
}

function expression(p: Parser): Node {
  const { from } = current(p);
  return nested(p, () => {
    if (accept(p, 'let')) return declaration(p, from);
    return accept(p, 'if') ? branches(p, from) : ternary(p, operation(p, 0));
  });
}

function declaration(p: Parser, from: number): Node {
  const token = current(p);
  const name = token.text;
  if (token.kind !== 'name') throw unexpected(p, 'a name');
  if (p.locals.has(name) || functionNames.has(name) || name.startsWith('$')) {
    throw syntax(`The name \`${name}\` is taken`, token.from, p.pointer, 'Choose another name.');
  }
  p.index += 1;
  expect(p, '=');
  const value = expression(p);
  expect(p, ';');

  const slot = p.slots;
  p.slots += 1;
  p.locals.set(name, slot);
  const body = sequence(p);
  p.locals.delete(name);
  return made(p, from, { kind: 'let', slot, value, body });
}

function branches(p: Parser, from: number): Node {
  const test = expression(p);
  const yes = block(p);
  expect(p, 'else');
  const other = current(p).from;
  const no = accept(p, 'if') ? nested(p, () => branches(p, other)) : block(p);
  return made(p, from, { kind: 'conditional', test, yes, no });
}

function block(p: Parser): Node {
  expect(p, '{');
  const node = sequence(p);
  expect(p, '}');
  return node;
}

function ternary(p: Parser, test: Node): Node {
  if (!accept(p, '?')) return test;
  // `a ?: b` is `a ? a : b`.
  const yes = is(current(p), ':') ? test : expression(p);
  expect(p, ':');
  const no = expression(p);
  return made(p, test.from, { kind: 'conditional', test, yes, no });
}

/** Operators that bind at least as strongly as `floor`. */
function operation(p: Parser, floor: number): Node {
  let left = operand(p);
  for (;;) {
    const token = current(p);
    const following = p.tokens[p.index + 1];
    const isNegated = is(token, 'not') && negatable.has(following?.text ?? '');
    const operator = isNegated ? following : token;
    const binding = operator?.kind === 'operator' ? bindings.get(operator.text) : undefined;
    if (binding === undefined || binding.power < floor) return left;

    p.index += isNegated ? 2 : 1;
    const from = left.from;
    left = infix(p, left, binding);
    if (isNegated) left = made(p, from, { kind: 'unary', operator: 'not', operand: left });
  }
}

function infix(p: Parser, left: Node, { operator, power, isRight }: Binding): Node {
  if (operator === '|') return postfix(p, pipe(p, left));
  if (orderings.has(operator)) return ordering(p, left, operator);

  const right = nested(p, () => operation(p, isRight === true ? power : power + 1));
  if (operator === '%') p.isExact = true;
  if (operator !== 'and' && operator !== 'or') {
    return made(p, left.from, { kind: 'binary', operator, left, right });
  }
  const isSame = left.kind === 'logical' && left.operator === operator;
  const operands = isSame ? ([...left.operands, right] as const) : ([left, right] as const);
  return made(p, left.from, { kind: 'logical', operator, operands });
}

/** `1 < x < 5` is `1 < x and x < 5`. */
function ordering(p: Parser, first: Node, operator: Binding['operator']): Node {
  let left = operation(p, 21);
  let node = comparison(p, operator, first, left);
  while (orderings.has(current(p).text)) {
    const next = advance(p).text as BinaryOperator;
    const right = operation(p, 21);
    const operands = [node, comparison(p, next, left, right)] as const;
    node = made(p, first.from, { kind: 'logical', operator: 'and', operands });
    left = right;
  }
  return node;
}

function comparison(p: Parser, operator: string, left: Node, right: Node): Node {
  return made(p, left.from, {
    kind: 'binary',
    operator: operator as BinaryOperator,
    left,
    right,
  });
}
