import { Fault, isFault } from '@cannectors/core';
import type { Driver } from '../database.ts';

/** The file that `queryFile` names cannot be read. */
export function noQueryFile(file: string, cause: unknown): Fault {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new Fault('sql.no-query-file', `The file \`${file}\` cannot be read (${reason}).`, {
    category: 'validation',
    hint: 'Put it beside the pipeline file, or correct the name.',
    pointer: '/queryFile',
    cause,
  });
}

/** `queryFile` leads out of the folder of the pipeline. */
export function outsideQueryFile(file: string): Fault {
  return new Fault('sql.query-file-outside', `\`${file}\` has a part \`..\`.`, {
    category: 'validation',
    hint: 'Put the file beside the pipeline file or below.',
    pointer: '/queryFile',
  });
}

/** There is no statement, only white space. */
export function emptyQuery(pointer: string): Fault {
  return new Fault('sql.empty-query', 'The query is empty.', { category: 'validation', pointer });
}

/** A statement has a value in it, as `{{ … }}`: data would become SQL. */
export function valueInQuery(value: string, pointer: string): Fault {
  return new Fault(
    'sql.value-in-query',
    `\`{{ ${value} }}\` stands in the query; values only come in through \`$N\`.`,
    {
      category: 'validation',
      hint: `Write \`$1\` in its place, without quotes, and \`parameters: ["${value}"]\`; the second is \`$2\`, and so on.`,
      pointer,
    },
  );
}

/** Braces of a template are left in the statement that would be sent. */
export function bracesLeft(pointer: string): Fault {
  return new Fault('sql.braces-left', 'The query has `{{` or `}}` in it, which are no SQL.', {
    category: 'validation',
    hint: 'Give values through `$N` and `parameters`; in JSON text put a blank between the braces.',
    pointer,
  });
}

/** A statement refers to a parameter that there is not. */
export function undeclared(number: number, count: number, pointer: string): Fault {
  return new Fault(
    'sql.undeclared-parameter',
    `query references $${number} but only ${count} parameter(s) are declared`,
    {
      category: 'validation',
      hint:
        number === 0 ? 'The first parameter is `$1`.' : 'Add an expression to `parameters` for it.',
      pointer,
    },
  );
}

/** A parameter is not used. */
export function unused(number: number): Fault {
  return new Fault(
    'sql.unused-parameter',
    `parameter ${number} is declared but $${number} never appears in the query`,
    {
      category: 'validation',
      hint: `Use \`$${number}\` outside of quotes and comments, or remove the parameter.`,
      pointer: `/parameters/${number - 1}`,
    },
  );
}

/** A statement has a placeholder of the database's own, such as `?`, which nobody gives a value. */
export function foreignMark(mark: string, driver: Driver, pointer: string): Fault {
  return new Fault(
    'sql.foreign-mark',
    `The query has \`${mark}\` in it, which ${driver} takes for a placeholder without a value.`,
    { category: 'validation', hint: 'Write `$1`, `$2`, … and list `parameters`.', pointer },
  );
}

/** The template or a parameter of a statement fails for a record. */
export function notBuilt(cause: unknown, pointer: string): Fault {
  const inner = isFault(cause) ? cause : undefined;
  const reason = inner?.message ?? String(cause);
  return new Fault('sql.not-built', `building parameterized query: ${reason}`, {
    category: 'validation',
    ...(inner?.hint !== undefined && { hint: inner.hint }),
    ...(inner?.details !== undefined && { details: inner.details }),
    pointer: inner?.pointer ?? pointer,
    cause,
  });
}
