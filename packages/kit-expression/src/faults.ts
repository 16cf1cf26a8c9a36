import { Fault } from '@cannectors/core';

/** An expression has nothing in it. */
export function empty(pointer: string): Fault {
  return new Fault('expression.empty', 'The expression is empty.', {
    category: 'validation',
    hint: 'Write a condition, as in `status == "paid"`.',
    pointer,
  });
}

/** An expression has more characters than are read. */
export function tooLong(length: number, limit: number, pointer: string): Fault {
  return new Fault(
    'expression.too-long',
    `The expression has ${length} characters; ${limit} are the most.`,
    { category: 'validation', hint: 'Split it over several steps.', pointer },
  );
}

/** The parts of an expression are nested too deep. */
export function tooDeep(at: number, limit: number, pointer: string): Fault {
  return new Fault(
    'expression.too-deep',
    `The expression is nested more than ${limit} levels deep at character ${at + 1}.`,
    { category: 'validation', hint: 'Split it over several steps.', pointer, details: place(at) },
  );
}

/** A text is not an expression: something else was expected at this place. */
export function syntax(problem: string, at: number, pointer: string, hint?: string): Fault {
  return new Fault('expression.syntax', `${problem} at character ${at + 1}.`, {
    category: 'validation',
    ...(hint !== undefined && { hint }),
    pointer,
    details: place(at),
  });
}

/** An expression calls a function that does not exist. */
export function unknownFunction(
  name: string,
  near: string | undefined,
  at: number,
  pointer: string,
): Fault {
  return new Fault(
    'expression.unknown-function',
    `There is no function \`${name}\`, called at character ${at + 1}.`,
    {
      category: 'validation',
      ...(near !== undefined && { hint: `Did you mean \`${near}\`?` }),
      pointer,
      details: place(at),
    },
  );
}

/** A function is called with fewer or more arguments than it takes. */
export function wrongCount(
  name: string,
  takes: string,
  given: number,
  at: number,
  pointer: string,
): Fault {
  return new Fault(
    'expression.wrong-count',
    `\`${name}\` takes ${takes} and is given ${given} at character ${at + 1}.`,
    { category: 'validation', pointer, details: place(at) },
  );
}

/** An expression names a key that is out of reach: `__proto__`, `constructor` or `prototype`. */
export function forbiddenKey(name: string, at: number, pointer: string): Fault {
  return new Fault(
    'expression.forbidden-key',
    `The key \`${name}\` at character ${at + 1} is out of reach of expressions.`,
    {
      category: 'validation',
      hint: 'Rename the field where it comes from.',
      pointer,
      details: place(at),
    },
  );
}

/** A pattern is not a regular expression, or needs more than linear time. */
export function badPattern(pattern: string, reason: string, pointer: string): Fault {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
  return new Fault('expression.bad-pattern', `invalid regex pattern \`${shown}\`: ${reason}.`, {
    category: 'validation',
    ...(/\(\?[=!<]|\\\d/.test(pattern) && {
      hint: 'Write it without look-around and back-references: they need more than linear time.',
    }),
    pointer,
  });
}

/** An expression has no value for this record. */
export function failed(reason: string, where: string, pointer: string, hint?: string): Fault {
  return new Fault('expression.failed', `${reason} in \`${where}\`.`, {
    ...(hint !== undefined && { hint }),
    pointer,
  });
}

/** An expression needs more work or memory for this record than is allowed. */
export function tooCostly(limit: string, where: string, pointer: string): Fault {
  return new Fault('expression.too-costly', `More than ${limit} in \`${where}\`.`, { pointer });
}

function place(at: number): { position: number } {
  return { position: at + 1 };
}
