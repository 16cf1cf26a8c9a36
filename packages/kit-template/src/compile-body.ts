import type { Json, JsonRecord } from '@cannectors/core';
import { setKey, textOf } from '@cannectors/kit-record';
import { type Compiler, compileUsed, nameOf, placeOf, used } from './compiler.ts';
import { escapedTwice, failed, nullValue, type Place } from './faults.ts';
import { charge, type Evaluate, type Frame, unset } from './frame.ts';
import { isNamespace } from './functions.ts';
import type { Body, Captured, Expression, Node, Value } from './tree.ts';
import { isTruthy, kindOf, listOf, sized } from './values.ts';

/** Adds to the output of a rendering, or changes its variables. */
export type Execute = (frame: Frame) => void;

type Print = (value: Value) => string;

/** Compiles a body. `print` turns values into text that fits the target. */
export function compileBody(body: Body, print: Print, compiler: Compiler): Execute {
  const nodes = body.nodes.map((node) => compileNode(node, print, compiler));
  const cost = body.cost + body.nodes.length;
  return (frame) => {
    charge(frame, cost);
    for (const execute of nodes) execute(frame);
  };
}

/** Compiles the text of one `{{ … }}`. A strict template prints neither null nor what is missing. */
export function compileOutput(
  expression: Expression,
  print: Print,
  compiler: Compiler,
): (frame: Frame) => string {
  const evaluate = compiler.compile(expression);
  if (!compiler.isStrict) return (frame) => print(evaluate(frame));
  return (frame) => {
    const value = used(evaluate(frame), expression);
    if (value === null) throw nullValue(nameOf(expression), placeOf(expression));
    return print(value);
  };
}

function compileNode(node: Node, print: Print, compiler: Compiler): Execute {
  switch (node.kind) {
    case 'text':
      return (frame) => write(frame, node.text);
    case 'output': {
      const text = compileOutput(node.expression, print, compiler);
      return (frame) => write(frame, text(frame));
    }
    case 'if':
      return compileIf(node, print, compiler);
    case 'for':
      return compileFor(node, print, compiler);
    case 'set':
      return compileSet(node, compiler);
    case 'member set':
      return compileMemberSet(node, compiler);
    case 'with':
      return compileWith(node, print, compiler);
    case 'capture': {
      const value = compileCaptured(node.value, compiler);
      const slot = compiler.scopes.declare(node.target);
      return (frame) => {
        frame.slots[slot] = value(frame);
      };
    }
    case 'filter block': {
      if (compiler.target !== 'text') throw escapedTwice(node.place);
      const value = compileCaptured(node.value, compiler);
      return (frame) => write(frame, print(value(frame)));
    }
  }
}

function write(frame: Frame, text: string): void {
  frame.out = sized(frame.out + text);
}

type NodeOf<Name extends Node['kind']> = Extract<Node, { kind: Name }>;

function compileIf(node: NodeOf<'if'>, print: Print, compiler: Compiler): Execute {
  const branches = node.branches.map(({ condition, body }) => ({
    condition: compileUsed(condition, compiler),
    body: compiler.scopes.maybe(() => compileBody(body, print, compiler)),
  }));
  const otherwise = compiler.scopes.maybe(() => compileBody(node.otherwise, print, compiler));
  return (frame) => {
    const branch = branches.find(({ condition }) => isTruthy(condition(frame)));
    (branch?.body ?? otherwise)(frame);
  };
}

function compileFor(node: NodeOf<'for'>, print: Print, compiler: Compiler): Execute {
  const { scopes } = compiler;
  const list = compileUsed(node.list, compiler);
  const { result: parts, slots } = scopes.inner(() => {
    const targets = node.targets.map((target) => scopes.declare(target));
    const condition =
      node.condition === undefined ? undefined : compileUsed(node.condition, compiler);
    const loop = scopes.declare('loop');
    const body = compileBody(node.body, print, compiler);
    return { targets, condition, loop, body };
  });
  const otherwise = scopes.maybe(() => compileBody(node.otherwise, print, compiler));
  const { targets, condition, loop, body } = parts;
  const bind = binder(targets, node.place);
  const isLoopRead = scopes.isRead(loop);
  // What one turn sets is gone in the next.
  const cleared = slots.filter((slot) => slot !== loop && !targets.includes(slot));

  return (frame) => {
    const all = listOf(list(frame), node.place);
    charge(frame, all.length);
    const items =
      condition === undefined
        ? all
        : all.filter((item) => {
            bind(frame, item);
            return isTruthy(condition(frame));
          });
    for (const [index, item] of items.entries()) {
      clear(frame, cleared);
      bind(frame, item);
      if (isLoopRead) frame.slots[loop] = loopAt(items, index);
      body(frame);
    }
    if (items.length === 0) otherwise(frame);
  };
}

/** The variable `loop` of one turn. */
function loopAt(items: readonly Json[], index: number): JsonRecord {
  const { length } = items;
  const loop: JsonRecord = {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
  };
  const [previous, next] = [items[index - 1], items[index + 1]];
  if (previous !== undefined) loop['previtem'] = previous;
  if (next !== undefined) loop['nextitem'] = next;
  return loop;
}

function compileSet(node: NodeOf<'set'>, compiler: Compiler): Execute {
  const value = compiler.compile(node.value);
  const bind = binder(
    node.targets.map((target) => compiler.scopes.declare(target)),
    node.place,
  );
  return (frame) => bind(frame, value(frame));
}

/** One variable takes the value as it is; several take the items of a list, one each. */
function binder(slots: readonly number[], place: Place): (frame: Frame, value: Value) => void {
  const [only, ...others] = slots;
  if (only !== undefined && others.length === 0) {
    return (frame, value) => {
      frame.slots[only] = value;
    };
  }
  return (frame, value) => {
    if (!Array.isArray(value) || value.length !== slots.length) {
      const found = Array.isArray(value) ? `a list of ${value.length}` : kindOf(value);
      throw failed(`A list of ${slots.length} is expected, not ${found}`, place);
    }
    for (const [index, slot] of slots.entries()) frame.slots[slot] = value[index];
  };
}

function compileMemberSet(node: NodeOf<'member set'>, compiler: Compiler): Execute {
  const { name, key, place } = node;
  const object = compiler.compile({ kind: 'name', name, place });
  const value = compileUsed(node.value, compiler);
  return (frame) => {
    const namespace = object(frame);
    if (!isNamespace(namespace)) {
      throw failed(`\`${name}\` was not made by \`namespace()\`, so it cannot be changed`, place);
    }
    setKey(namespace, key, value(frame) ?? null);
  };
}

function compileWith(node: NodeOf<'with'>, print: Print, compiler: Compiler): Execute {
  const values = node.variables.map(([, value]) => compiler.compile(value));
  const { result, slots } = compiler.scopes.inner(() => ({
    own: node.variables.map(([name]) => compiler.scopes.declare(name)),
    body: compileBody(node.body, print, compiler),
  }));
  return (frame) => {
    const found = values.map((value) => value(frame));
    clear(frame, slots);
    for (const [index, slot] of result.own.entries()) frame.slots[slot] = found[index];
    result.body(frame);
  };
}

/** The text of a block is a value: it is escaped where it is printed, and only there. */
function compileCaptured({ body, filters }: Captured, compiler: Compiler): Evaluate {
  const { result, slots } = compiler.scopes.inner(() => {
    const execute = compileBody(body, textOf, compiler);
    const slot = compiler.scopes.declare(captured);
    const input: Expression = { kind: 'name', name: captured, place: { line: 1, column: 1 } };
    const filtered = filters.reduce<Expression>(
      (inner, call) => ({ kind: 'filter', input: inner, ...call }),
      input,
    );
    return { execute, slot, evaluate: compiler.compile(filtered) };
  });
  return (frame) => {
    const outside = frame.out;
    frame.out = '';
    clear(frame, slots);
    result.execute(frame);
    frame.slots[result.slot] = frame.out;
    frame.out = outside;
    return result.evaluate(frame);
  };
}

/** A name that no template can write. */
const captured = '{captured}';

function clear(frame: Frame, slots: readonly number[]): void {
  for (const slot of slots) frame.slots[slot] = unset;
}
