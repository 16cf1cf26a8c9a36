import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    target: Type.Union(
      [
        pathField({ description: 'A field.' }),
        Type.Array(pathField({ description: 'A field.' }), {
          minItems: 1,
          description: 'Several fields, removed in this order.',
        }),
      ],
      {
        description: 'What to remove: a field, or a list of fields.',
        examples: ['password', 'customer.email', ['lines[0]', 'internal']],
      },
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
