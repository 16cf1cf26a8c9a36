import { compileArguments } from './arguments.ts';
import { type Compiler, compileUsed, type Kind } from './compiler.ts';
import { type Place, syntax } from './faults.ts';
import { charge, costOf, type Evaluate } from './frame.ts';
import { type Predicate, predicates } from './predicates.ts';

/** Compiles `value is name(argument)`. */
export function compileTest(expression: Kind<'test'>, compiler: Compiler): Evaluate {
  const { name, place, given } = expression;
  const predicate = predicateNamed(name, place);
  const input = predicate.isAboutType
    ? compiler.compile(expression.input)
    : compileUsed(expression.input, compiler);
  const signature = { parameters: predicate.takesArgument ? ['other'] : [] };
  const args = compileArguments(name, signature, given, place, compiler);
  return (frame) => {
    const value = input(frame);
    const [other] = args(frame);
    charge(frame, 1 + costOf(other));
    return predicate.test(value, other, place);
  };
}

/** @throws `template.syntax` when there is no such test */
export function predicateNamed(name: string, place: Place): Predicate {
  const predicate = predicates.get(name);
  if (predicate === undefined) throw syntax(`There is no test \`${name}\``, place);
  return predicate;
}
