// The door for modules whose expressions are the exception: the language is loaded by the first one.
import { createRequire } from 'node:module';
import type { Expression, expression as compile } from './expression.ts';

export type { Expression } from './expression.ts';

const require = createRequire(import.meta.url);

/**
 * Compiles an expression, as `expression` of the main door does.
 *
 * @throws `expression.*`
 */
export function expression(text: string, pointer: string): Expression {
  const language = require('@cannectors/kit-expression') as { expression: typeof compile };
  return language.expression(text, pointer);
}
