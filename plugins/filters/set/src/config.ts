import type { Json } from '@cannectors/core';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    target: pathField({
      description: 'Where to write. What is missing on the way is made.',
      examples: ['status', 'customer.tier', 'lines[0].sku'],
    }),
    value: Type.Unsafe<Json>({
      description: 'What to write: any JSON value, taken literally, null too.',
      examples: ['done', 7, null, ['a', 'b']],
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
