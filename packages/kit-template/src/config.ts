// The field of a config that holds a template. Runs when a schema is made, never in a pipeline.
import { type TString, type TStringOptions, Type } from 'typebox';

/** Makes the field for a template, to be compiled with `template`. */
export function templateField(options: TStringOptions & { description: string }): TString {
  return Type.String({ ...options, 'x-cannectors': 'template' });
}
