import { unknownFunction, wrongCount } from './faults.ts';
import { methods } from './functions/methods.ts';
import { functionNames, functions } from './functions/table.ts';
import { loops } from './loops.ts';
import { nearest } from './nearest.ts';
import { accept, current, expect, is, items, made, type Parser, unexpected } from './reader.ts';
import { loopSlots, type Node } from './syntax.ts';
import type { Token } from './tokens.ts';

/** Parses what follows a `|`: `x | name(…)` is `name(x, …)`. */
export function pipe(p: Parser, left: Node): Node {
  const token = current(p);
  if (token.kind !== 'name') throw unexpected(p, 'a function');
  p.index += 1;
  return call(p, token, [left]);
}

/** Parses the arguments of a function. */
export function call(p: Parser, token: Token, piped: readonly Node[]): Node {
  const { text: name, from } = token;
  const start = piped[0]?.from ?? from;
  const loop = loops.get(name);
  if (loop !== undefined) {
    const slot = p.slots;
    p.slots += loopSlots.count;
    const [list, predicate, extra, ...more] = loopArguments(p, piped, { name, slot });
    const given =
      [list, predicate, extra].filter((node) => node !== undefined).length + more.length;
    checkCount(p, token, loop, given);
    if (list === undefined) throw unexpected(p, 'a list');
    return made(p, start, { kind: 'loop', name, loop, list, predicate, slot, extra });
  }
  const builtin = functions.get(name);
  if (builtin === undefined) throw noFunction(p, token, functionNames);

  expect(p, '(');
  const args = [...piped, ...items(p, ')', p.expression)];
  checkCount(p, token, builtin, args.length);
  if (name === 'type') p.isExact = true;
  return made(p, start, { kind: 'call', name, builtin, arguments: args });
}

/** Parses the arguments of a method. The opening bracket is taken already. */
export function methodCall(p: Parser, target: Node, token: Token, optional: boolean): Node {
  const name = token.text;
  const builtin = methods.get(name);
  if (builtin === undefined) throw noFunction(p, token, methods.keys());

  const args = items(p, ')', p.expression);
  const { least, most } = builtin;
  checkCount(p, token, { least: least - 1, most: most - 1 }, args.length);
  return made(p, target.from, { kind: 'method', target, name, builtin, arguments: args, optional });
}

/** What other languages call our functions. */
const otherNames = new Map([
  ['average', 'mean'],
  ['avg', 'mean'],
  ['length', 'len'],
  ['lowercase', 'lower'],
  ['size', 'len'],
  ['uppercase', 'upper'],
]);

function noFunction(p: Parser, { text, from }: Token, known: Iterable<string>) {
  const near = nearest(text, [...known, ...otherNames.keys()]);
  const meant = near === undefined ? undefined : (otherNames.get(near) ?? near);
  return unknownFunction(text, meant, from, p.pointer);
}

/** A list, a predicate, and what the function wants besides. */
function loopArguments(p: Parser, piped: readonly Node[], loop: Parser['loop']): Node[] {
  expect(p, '(');
  const args = [...piped];
  while (!accept(p, ')')) {
    args.push(args.length === 1 ? predicate(p, loop) : p.expression(p));
    if (!is(current(p), ')')) expect(p, ',');
  }
  return args;
}

function predicate(p: Parser, loop: Parser['loop']): Node {
  const outer = p.loop;
  p.loop = loop;
  const isBlock = accept(p, '{');
  const node = isBlock ? p.sequence(p) : p.expression(p);
  if (isBlock) expect(p, '}');
  p.loop = outer;
  return node;
}

interface Arity {
  readonly least: number;
  readonly most: number;
}

function checkCount(p: Parser, { text, from }: Token, { least, most }: Arity, given: number): void {
  if (given >= least && given <= most) return;
  throw wrongCount(text, amount(least, most), given, from, p.pointer);
}

function amount(least: number, most: number): string {
  const end = most === Infinity ? least : most;
  const noun = end === 1 ? 'argument' : 'arguments';
  if (most === Infinity) return `at least ${least} ${noun}`;
  return least === most ? `${least} ${noun}` : `${least} to ${most} ${noun}`;
}
