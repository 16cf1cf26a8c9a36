import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    field: pathField({
      description: 'The list to go through. In a loop inside a loop the path begins in its scope.',
      examples: ['lines', 'order.lines'],
    }),
    itemName: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The key under which nested filters see the element.',
      examples: ['line'],
    }),
    filters: Type.Array(Type.Unsafe<unknown>({}), {
      description: 'Filters that run for each element. Their record is the scope of the loop.',
      'x-cannectors': 'filters',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
