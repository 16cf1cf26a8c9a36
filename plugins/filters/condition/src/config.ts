import { expressionField } from '@cannectors/kit-expression/config';
import { type Static, Type } from 'typebox';

const branch = (description: string) =>
  Type.Array(Type.Unsafe<unknown>({}), { default: [], description, 'x-cannectors': 'filters' });

export const config = Type.Object(
  {
    expression: expressionField({
      description:
        'What is asked of each record: its keys are the variables. What is not a boolean counts as false when it is nil, 0 or empty.',
      examples: ['status == "paid" && amount > 100'],
    }),
    // A config is never awaited.
    // oxlint-disable-next-line unicorn/no-thenable
    then: branch('Filters for the records for which it is true.'),
    else: branch('Filters for the other records.'),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
