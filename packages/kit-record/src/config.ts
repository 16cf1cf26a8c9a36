// The field of a config that holds a record path. Runs when a schema is made, never in a pipeline.
import { type TString, type TStringOptions, Type } from 'typebox';

/**
 * Makes the field for a record path, to be compiled with `recordPath` or `targetPath`.
 *
 * Not empty, at most 1000 characters. The shape is not part of the schema: a path that leads
 * nowhere is legal to read.
 */
export function pathField(options: TStringOptions & { description: string }): TString {
  return Type.String({ minLength: 1, maxLength: 1000, ...options, 'x-cannectors': 'path' });
}
