import { statePersistenceField } from '@cannectors/kit-cursor/config';
import {
  connectionChoice,
  connectionFields,
  statementChoice,
  statementFields,
  valueFields,
} from '@cannectors/kit-sql/config';
import { type Static, Type } from 'typebox';

const pagination = Type.Object(
  {
    type: Type.Union([Type.Literal('limit-offset'), Type.Literal('cursor')], {
      description: 'How the next page is asked for.',
    }),
    limit: Type.Integer({ minimum: 1, default: 1000, description: 'Rows of a page.' }),
    cursorField: Type.Optional(
      Type.String({
        minLength: 1,
        description: '`cursor`: column whose last value the next page begins behind.',
        examples: ['id'],
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Reads the result in pages, each with a query of its own.',
    if: { type: 'object', required: ['type'], properties: { type: { const: 'cursor' } } },
    // oxlint-disable-next-line unicorn/no-thenable
    then: { type: 'object', required: ['cursorField'] },
  },
);

const incremental = Type.Object(
  {
    enabled: Type.Boolean({ default: false, description: 'Whether anything is remembered.' }),
    timestampField: Type.Optional(
      Type.String({ minLength: 1, description: 'Column with the date of a row.' }),
    ),
    idField: Type.Optional(
      Type.String({ minLength: 1, description: 'Column with the id of a row.' }),
    ),
  },
  {
    additionalProperties: false,
    deprecated: true,
    description: 'Older form of `statePersistence`, which replaces it.',
  },
);

export const config = Type.Object(
  {
    ...connectionFields,
    ...statementFields,
    ...valueFields('seconds'),
    fetchSize: Type.Integer({
      minimum: 1,
      default: 1000,
      description: 'Rows that are asked of the server at a time. Fewer where rows are large.',
    }),
    pagination: Type.Optional(pagination),
    statePersistence: Type.Optional(statePersistenceField),
    incremental: Type.Optional(incremental),
  },
  {
    additionalProperties: false,
    allOf: [connectionChoice, statementChoice],
  },
);

export type Config = Static<typeof config>;
export type Pagination = Static<typeof pagination>;
