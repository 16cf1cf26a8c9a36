import { chain, isInherited, member, namedMember, slice, variable } from './access.ts';
import { called, calledOn } from './calls.ts';
import { type Code, frameOf, known, type Run, shortened, type Site } from './code.ts';
import { tooDeep } from './faults.ts';
import { keyOf, newMap } from './functions/lists.ts';
import { integer, isDuration, isMoment, isZone, numberOf } from './kinds.ts';
import { maxDepth } from './limits.ts';
import { conditional, logical } from './logic.ts';
import { looped } from './loops.ts';
import { marked, pathOf } from './marked.ts';
import { listed, ranged } from './membership.ts';
import { binary, unary } from './operators.ts';
import type { Parsed } from './parser.ts';
import type { Node, Place, Scalar } from './syntax.ts';

/** Compiles a tree to closures. What can be computed before any record is computed here. */
export function compile({ root, isExact }: Parsed, source: string, pointer: string): Run {
  return codeOf({ source, pointer, isExact, depth: 0 }, root).run;
}

interface Context {
  readonly source: string;
  readonly pointer: string;
  readonly isExact: boolean;
  depth: number;
}

type Of<Kind extends Node['kind']> = Extract<Node, { readonly kind: Kind }>;

function codeOf(c: Context, node: Node): Code {
  c.depth += 1;
  if (c.depth > maxDepth) throw tooDeep(node.from, maxDepth, c.pointer);
  const code = codeOfKind(c, node);
  c.depth -= 1;
  return code;
}

function codeOfKind(c: Context, node: Node): Code {
  switch (node.kind) {
    case 'constant':
      return known(node.value);
    case 'variable':
      return rootVariable(c, node);
    case 'environment':
      return { run: (env) => env };
    case 'local':
      return { run: (_, frame) => frame.slots[node.slot] };
    case 'position':
      return { run: (_, frame) => integer(Number(frame.slots[node.slot])) };
    case 'list':
      return { run: list(runsOf(c, node.items)) };
    case 'map':
      return { run: map(c, node) };
    case 'member':
      return { run: atPath(c, node, memberOf(c, node)) };
    case 'method':
      return { run: methodCall(c, node) };
    case 'chain':
      return { run: chain(runOf(c, node.target)) };
    case 'slice':
      return { run: slicing(c, node) };
    case 'unary': {
      const operand = codeOf(c, node.operand);
      return folded(unary(siteOf(c, node), node.operator, operand.run), [operand]);
    }
    case 'binary':
      return operation(c, node);
    case 'logical': {
      const [first, ...others] = node.operands;
      const operands = [runOf(c, first), ...runsOf(c, others)] as const;
      return { run: logical(siteOf(c, node), node.operator, operands) };
    }
    case 'conditional':
      return { run: choice(c, node) };
    case 'let':
      return { run: declaration(c, node) };
    case 'call':
      return functionCall(c, node);
    case 'loop':
      return { run: loopCall(c, node) };
  }
}

function runOf(c: Context, node: Node): Run {
  return codeOf(c, node).run;
}

function runsOf(c: Context, nodes: readonly Node[]): Run[] {
  return nodes.map((node) => runOf(c, node));
}

function siteOf({ source, pointer }: Context, { from, to }: Place, name = ''): Site {
  return { text: shortened(source.slice(from, to), 60), pointer, name };
}

const nowhere: Site = { text: '', pointer: '', name: '' };

/** Computes at once what depends on constants only. What fails is left to fail for a record. */
function folded(run: Run, parts: readonly Code[]): Code {
  if (!parts.every(({ constant }) => constant !== undefined)) return { run };
  try {
    const value = run({}, frameOf(0, nowhere));
    // Two records never share a list or a map.
    return isImmutable(value) ? known(value) : { run };
  } catch {
    return { run };
  }
}

function isImmutable(value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null;
  return !isObject || isMoment(value) || isDuration(value) || isZone(value);
}

/** Only an expression with a `%` or a `type` asks which numbers are integers. */
function atPath(c: Context, node: Node, run: Run): Run {
  const path = c.isExact ? pathOf(node) : undefined;
  return path === undefined ? run : marked(run, path);
}

function list(items: readonly Run[]): Run {
  return (env, frame) => items.map((item) => item(env, frame));
}

function map(c: Context, node: Of<'map'>): Run {
  const site = siteOf(c, node);
  const entries = node.entries.map(([key, value]) => [runOf(c, key), runOf(c, value)] as const);
  return (env, frame) => {
    const object = newMap();
    for (const [key, value] of entries) {
      const name = key(env, frame);
      frame.site = site;
      object[keyOf(frame, name)] = value(env, frame);
    }
    return object;
  };
}

function rootVariable(c: Context, node: Of<'variable'>): Code {
  const { name } = node;
  const run = atPath(c, node, variable(name));
  return c.isExact || isInherited(name) ? { run } : { run, name };
}

function memberOf(c: Context, node: Of<'member'>): Run {
  const { key, optional } = node;
  const site = siteOf(c, node);
  const target = runOf(c, node.target);
  return key.kind === 'constant' && typeof key.value === 'string'
    ? namedMember(site, target, key.value, optional)
    : member(site, target, runOf(c, key), optional);
}

function slicing(c: Context, node: Of<'slice'>): Run {
  const start = node.start && runOf(c, node.start);
  const end = node.end && runOf(c, node.end);
  return slice(siteOf(c, node), runOf(c, node.target), start, end);
}

function operation(c: Context, node: Of<'binary'>): Code {
  const { operator } = node;
  const left = codeOf(c, node.left);
  const constants = operator === 'in' ? constantsIn(node.right) : undefined;
  if (constants !== undefined) return { run: listed(left.run, constants) };

  const ends = operator === 'in' ? constantEnds(node.right) : undefined;
  if (ends !== undefined) return { run: ranged(left.run, ...ends) };

  const right = codeOf(c, node.right);
  return folded(binary(siteOf(c, node), operator, left, right), [left, right]);
}

/** The values of a list of literals. */
function constantsIn(node: Node): Scalar[] | undefined {
  if (node.kind !== 'list') return undefined;
  const values = node.items.map(literalOf).filter((value) => value !== undefined);
  return values.length === node.items.length ? values : undefined;
}

function constantEnds(node: Node): [number, number] | undefined {
  if (node.kind !== 'binary' || node.operator !== '..') return undefined;
  const [from, to] = [numberOf(literalOf(node.left)), numberOf(literalOf(node.right))];
  return from === undefined || to === undefined ? undefined : [Math.trunc(from), Math.trunc(to)];
}

function literalOf(node: Node): Scalar | undefined {
  if (node.kind === 'constant') return node.value;
  if (node.kind !== 'unary' || node.operand.kind !== 'constant') return undefined;
  const { value } = node.operand;
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return node.operator === '-' ? -value : undefined;
}

function choice(c: Context, node: Of<'conditional'>): Run {
  const [test, yes, no] = [runOf(c, node.test), runOf(c, node.yes), runOf(c, node.no)];
  return conditional(siteOf(c, node.test), test, yes, no);
}

function declaration(c: Context, { slot, value, body }: Of<'let'>): Run {
  const [given, rest] = [runOf(c, value), runOf(c, body)];
  return (env, frame) => {
    frame.slots[slot] = given(env, frame);
    return rest(env, frame);
  };
}

function functionCall(c: Context, node: Of<'call'>): Code {
  const args = node.arguments.map((argument) => codeOf(c, argument));
  const runs = args.map(({ run }) => run);
  const run = called(siteOf(c, node, node.name), node.builtin, runs);
  return node.builtin.isImpure === true ? { run } : folded(run, args);
}

function methodCall(c: Context, node: Of<'method'>): Run {
  const site = siteOf(c, node, node.name);
  const args = runsOf(c, node.arguments);
  return calledOn(site, node.builtin, runOf(c, node.target), args, node.optional);
}

function loopCall(c: Context, { loop, slot, ...node }: Of<'loop'>): Run {
  return looped(loop, runOf(c, node.list), {
    site: siteOf(c, node, node.name),
    slot,
    predicate: node.predicate && runOf(c, node.predicate),
    extra: node.extra && runOf(c, node.extra),
  });
}
