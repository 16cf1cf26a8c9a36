import { call, methodCall } from './call-syntax.ts';
import { forbiddenKey, syntax } from './faults.ts';
import { outOfReach } from './limits.ts';
import {
  accept,
  current,
  expect,
  is,
  isWord,
  items,
  made,
  nested,
  type Parser,
  unexpected,
} from './reader.ts';
import { loopSlots, type Node, type UnaryOperator } from './syntax.ts';
import type { Token } from './tokens.ts';

const notPower = 50;
const signPower = 90;

const signs = new Map<string, { operator: UnaryOperator; power: number }>([
  ['not', { operator: 'not', power: notPower }],
  ['!', { operator: 'not', power: notPower }],
  ['-', { operator: '-', power: signPower }],
  ['+', { operator: '+', power: signPower }],
]);

/** Parses what stands between operators: a value with its signs, members and calls. */
export function operand(p: Parser): Node {
  const token = current(p);
  const sign = token.kind === 'operator' ? signs.get(token.text) : undefined;
  if (sign === undefined) return postfix(p, primary(p));

  p.index += 1;
  const inner = nested(p, () => p.operation(p, sign.power));
  return made(p, token.from, { kind: 'unary', operator: sign.operator, operand: inner });
}

function primary(p: Parser): Node {
  const token = current(p);
  if (is(token, '.') && p.loop !== undefined) {
    // `.field` in a predicate is `#.field`: the dot is left for what follows.
    return { kind: 'local', slot: p.loop.slot, from: token.from, to: token.from };
  }
  p.index += 1;
  switch (token.kind) {
    case 'number':
    case 'string':
      return made(p, token.from, { kind: 'constant', value: token.value });
    case 'name':
      return named(p, token);
    case 'operator':
      return bracketed(p, token);
    case 'end':
      p.index -= 1;
      throw unexpected(p, 'a value');
  }
}

function bracketed(p: Parser, token: Token): Node {
  if (token.text === '(') {
    const node = p.sequence(p);
    expect(p, ')');
    return made(p, token.from, node);
  }
  if (token.text === '[') {
    return made(p, token.from, { kind: 'list', items: items(p, ']', p.expression) });
  }
  if (token.text === '{') {
    return made(p, token.from, { kind: 'map', entries: items(p, '}', entry) });
  }
  if (token.text === '#') return pointer(p, token);
  p.index -= 1;
  if (token.text === 'let' || token.text === 'if') {
    const hint = 'Put it in parentheses.';
    throw syntax(`\`${token.text}\` stands inside an operation`, token.from, p.pointer, hint);
  }
  throw unexpected(p, 'a value');
}

function entry(p: Parser): readonly [Node, Node] {
  const key = mapKey(p);
  expect(p, ':');
  return [key, p.expression(p)];
}

function mapKey(p: Parser): Node {
  if (accept(p, '(')) {
    const node = p.expression(p);
    expect(p, ')');
    return node;
  }
  const token = current(p);
  const isKey = token.kind === 'string' || token.kind === 'number' || isWord(token);
  if (!isKey) throw unexpected(p, 'a key');
  p.index += 1;
  const value = token.kind === 'string' ? token.value : token.text;
  reachable(p, value, token.from);
  return made(p, token.from, { kind: 'constant', value });
}

const literals = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

function named(p: Parser, token: Token): Node {
  const { text: name, from } = token;
  const literal = literals.get(name);
  if (literal !== undefined) return made(p, from, { kind: 'constant', value: literal });
  if (is(current(p), '(')) return call(p, token, []);
  if (name === '$env') return made(p, from, { kind: 'environment' });

  const slot = p.locals.get(name);
  if (slot !== undefined) return made(p, from, { kind: 'local', slot });
  return variable(p, name, from);
}

function variable(p: Parser, name: string, from: number): Node {
  reachable(p, name, from);
  p.names.add(name);
  return made(p, from, { kind: 'variable', name });
}

/** `#`, `#acc`, `#index`. */
function pointer(p: Parser, sign: Token): Node {
  const { from } = sign;
  const { loop } = p;
  if (loop === undefined) {
    const hint = 'It is the element at hand, as in `any(tags, # == "x")`.';
    throw syntax('`#` stands outside of a predicate', from, p.pointer, hint);
  }
  const token = current(p);
  if (token.kind !== 'name' || token.from !== sign.to) {
    return made(p, from, { kind: 'local', slot: loop.slot });
  }
  p.index += 1;
  if (token.text === 'acc' && loop.name === 'reduce') {
    return made(p, from, { kind: 'local', slot: loop.slot + loopSlots.accumulator });
  }
  if (token.text === 'index') {
    return made(p, from, { kind: 'position', slot: loop.slot + loopSlots.index });
  }
  const hint = 'There are `#`, `#index`, and in `reduce` also `#acc`.';
  throw syntax(`\`#${token.text}\` has no meaning`, from, p.pointer, hint);
}

/** Parses the members, method calls, indexes and slices after a value. */
export function postfix(p: Parser, target: Node): Node {
  // Parentheses do not end a chain: `(a?.b).c` is `a?.b.c`.
  let isChain = target.kind === 'chain';
  let node = target.kind === 'chain' ? target.target : target;
  for (;;) {
    const isOptional = accept(p, '?.');
    isChain ||= isOptional;
    if (accept(p, '[')) node = bracket(p, node, isOptional);
    else if (isOptional || accept(p, '.')) node = member(p, node, isOptional);
    else break;
  }
  return isChain ? made(p, node.from, { kind: 'chain', target: node }) : node;
}

function member(p: Parser, target: Node, optional: boolean): Node {
  const token = current(p);
  if (!isWord(token)) throw unexpected(p, 'a name');
  p.index += 1;
  if (accept(p, '(')) {
    return methodCall(p, target, token, optional);
  }
  reachable(p, token.text, token.from);
  if (target.kind === 'environment') return variable(p, token.text, target.from);
  const key = { kind: 'constant', value: token.text, from: token.from, to: token.to } as const;
  noteState(p, target, token.text);
  return made(p, target.from, { kind: 'member', target, key, optional });
}

/** `[key]`, `[from:to]`. The opening bracket is taken already. */
function bracket(p: Parser, target: Node, optional: boolean): Node {
  const start = is(current(p), ':') ? undefined : p.expression(p);
  if (accept(p, ':')) {
    const end = is(current(p), ']') ? undefined : p.expression(p);
    expect(p, ']');
    return made(p, target.from, { kind: 'slice', target, start, end });
  }
  expect(p, ']');
  if (start === undefined) throw unexpected(p, 'a key');
  if (start.kind === 'constant') {
    reachable(p, start.value, start.from);
    if (target.kind === 'environment' && typeof start.value === 'string') {
      return variable(p, start.value, target.from);
    }
    noteState(p, target, start.value);
  }
  return made(p, target.from, { kind: 'member', target, key: start, optional });
}

function noteState(p: Parser, target: Node, name: unknown): void {
  const isState = target.kind === 'variable' && target.name === 'state';
  if (isState && typeof name === 'string') p.stateNames.add(name);
}

function reachable(p: Parser, name: unknown, from: number): void {
  if (outOfReach.has(name)) throw forbiddenKey(String(name), from, p.pointer);
}
