import { type Compiler, compileUsed } from './compiler.ts';
import { type Place, syntax } from './faults.ts';
import type { Evaluate, Frame } from './frame.ts';
import type { Arguments, Value } from './tree.ts';

/** What something takes that can be called. */
export interface Signature {
  /** Names of the arguments, in their order; a template may give them by name. */
  readonly parameters: readonly string[];
  /** It takes any number of further arguments. */
  readonly takesMore?: true;
}

/**
 * Compiles arguments to a function that gives them in the order of the parameters, with
 * `undefined` for what is left out.
 *
 * @throws `template.syntax` when there are too many, or one has an unknown name
 */
export function compileArguments(
  callee: string,
  { parameters, takesMore }: Signature,
  { positional, named }: Arguments,
  place: Place,
  compiler: Compiler,
): (frame: Frame) => Value[] {
  if (takesMore === undefined && positional.length > parameters.length) {
    throw syntax(`\`${callee}\` takes at most ${parameters.length} arguments`, place);
  }
  const given: Evaluate[] = positional.map((argument) => compileUsed(argument, compiler));
  for (const [name, argument] of named) {
    const index = parameters.indexOf(name);
    if (index < 0 || given[index] !== undefined) {
      throw syntax(`\`${callee}\` takes no argument named \`${name}\``, place);
    }
    given[index] = compileUsed(argument, compiler);
  }
  const all = Array.from(given, (evaluate) => evaluate);
  return (frame) => all.map((evaluate) => evaluate?.(frame));
}
