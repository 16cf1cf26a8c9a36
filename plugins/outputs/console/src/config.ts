import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal('table'), Type.Literal('json'), Type.Literal('ndjson')], {
        description:
          'How records are printed. Default: `table` on a terminal, else `ndjson`, an object on each line.',
      }),
    ),
    fields: Type.Optional(
      Type.Array(pathField({ description: 'Path of a value to show.' }), {
        minItems: 1,
        uniqueItems: true,
        description: 'What to show, in order. Default: all.',
        examples: [['id', 'customer.name']],
      }),
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
