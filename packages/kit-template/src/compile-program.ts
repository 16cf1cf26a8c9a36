import { isRecord } from '@cannectors/kit-record';
import { compileBody, compileOutput } from './compile-body.ts';
import { compilerFor } from './compile-expression.ts';
import type { Compiler } from './compiler.ts';
import { printer, type Target } from './escape.ts';
import { frameOf } from './frame.ts';
import { parse } from './parser.ts';
import { rootReader, type TemplateScope } from './template-scope.ts';
import type { Body, Expression, Value } from './tree.ts';
import { sized } from './values.ts';

/** A compiled template. */
export interface Program {
  /** It reads nothing: its text is always the same. */
  readonly isStatic: boolean;
  /** Names of the root variables that it reads: `record`, `state`, … */
  readonly roots: ReadonlySet<string>;
  /** The names after `state.`: which cursors it wants. */
  readonly stateNames: ReadonlySet<string>;
  /**
   * Makes the text. Changes nothing of what it reads.
   *
   * @throws `template.missing`, `template.null`, `template.failed`, `template.limit`
   */
  render(scope: TemplateScope): string;
}

/** What a text that is no template would compile to. */
export function literalProgram(source: string): Program {
  return { isStatic: true, roots: new Set(), stateNames: new Set(), render: () => source };
}

/** Compiles a template to closures. */
export function compileProgram(source: string, target: Target, isStrict: boolean): Program {
  const compiler = compilerFor(target, isStrict);
  const body = parse(source);
  const render = compileConcatenation(body, compiler) ?? compileStatements(body, compiler);
  const { roots, stateNames } = compiler;
  return { isStatic: roots.size === 0, roots, stateNames, render };
}

function compileStatements(body: Body, compiler: Compiler): Program['render'] {
  const execute = compileBody(body, printer(compiler.target), compiler);
  const size = compiler.scopes.size();
  return (scope) => {
    const frame = frameOf(scope, size);
    execute(frame);
    return frame.out;
  };
}

/** Nearly every template is text and values, without a statement: those are only joined. */
function compileConcatenation(body: Body, compiler: Compiler): Program['render'] | undefined {
  const texts = [''];
  const values: ((scope: TemplateScope) => string)[] = [];
  for (const node of body.nodes) {
    if (node.kind === 'text') texts[values.length] += node.text;
    else if (node.kind !== 'output') return undefined;
    else texts[values.push(compileValue(node.expression, compiler))] = '';
  }
  const [first = ''] = texts;
  const parts = values.map((value, index) => ({ value, text: texts[index + 1] ?? '' }));
  return (scope) => {
    let out = first;
    for (const { value, text } of parts) out = sized(out + value(scope) + text);
    return out;
  };
}

/**
 * Paths to values that are there have a way of their own, which halves what a template costs beside
 * the escaping (bench/url). For all the rest, what is missing included, there is one way.
 */
function compileValue(
  expression: Expression,
  compiler: Compiler,
): (scope: TemplateScope) => string {
  const print = printer(compiler.target);
  const output = compileOutput(expression, print, compiler);
  const otherwise = (scope: TemplateScope): string => output(frameOf(scope, 0));
  const find = finder(expression);
  if (find === undefined) return otherwise;
  return (scope) => {
    const value = find(scope);
    return value === undefined || value === null ? otherwise(scope) : print(value);
  };
}

/** Finds what stands at a path, if the way there is plain. */
function finder(expression: Expression): ((scope: TemplateScope) => Value) | undefined {
  const keys: string[] = [];
  let start = expression;
  for (; start.kind === 'member'; start = start.object) keys.unshift(start.key);
  if (start.kind !== 'name' || keys.some((key) => key in Object.prototype)) return undefined;

  const root = rootReader(start.name);
  const [one, two, ...more] = keys;
  if (one === undefined) return root;
  if (two === undefined) {
    return (scope) => {
      const object = root(scope);
      return isRecord(object) ? object[one] : undefined;
    };
  }
  return (scope) => {
    const object = root(scope);
    const inner = isRecord(object) ? object[one] : undefined;
    let value = isRecord(inner) ? inner[two] : undefined;
    for (const key of more) value = isRecord(value) ? value[key] : undefined;
    return value;
  };
}
