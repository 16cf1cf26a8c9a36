// The field of a config that holds an expression. Runs when a schema is made, never in a pipeline.
import { type TString, type TStringOptions, Type } from 'typebox';

/**
 * Makes the field for an expression, to be compiled with `expression` or `condition`.
 *
 * Not blank, at most 10 000 characters. Whether it compiles is said by the kit, not by the schema.
 */
export function expressionField(options: TStringOptions & { description: string }): TString {
  return Type.String({
    minLength: 1,
    maxLength: 10_000,
    pattern: '\\S',
    ...options,
    'x-cannectors': 'expression',
  });
}
