import { callFields } from '@cannectors/kit-call/config';
import {
  connectionChoice,
  connectionFields,
  statementChoice,
  statementFields,
  valueFields,
} from '@cannectors/kit-sql/config';
import { type Static, Type } from 'typebox';

const lookup = Type.Object(
  {
    key: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description:
        'Columns of the result that hold the values of the key in the query, in their order.',
      examples: [['id'], ['id', 'country']],
    }),
    batchSize: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      // MariaDB reads lists of 1000 and more in a slower way.
      default: 500,
      description: 'Records that are asked for at a time.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Looks many records up with one query, which finds a key by `IN ($1)`.',
  },
);

export const config = Type.Object(
  {
    ...connectionFields,
    ...statementFields,
    ...valueFields('full'),
    ...callFields,
    lookup: Type.Optional(lookup),
  },
  { additionalProperties: false, allOf: [connectionChoice, statementChoice] },
);

export type Config = Static<typeof config>;
export type LookupConfig = Static<typeof lookup>;
