import { pathField } from '@cannectors/kit-record/config';
import {
  binaryField,
  connectionChoice,
  connectionFields,
  statementFields,
} from '@cannectors/kit-sql/config';
import { type Static, Type } from 'typebox';

const name = (description: string) => Type.String({ minLength: 1, description });
const tableName = { minLength: 1, pattern: '^[^.]+(\\.[^.]+)?$' };

export const config = Type.Object(
  {
    ...connectionFields,
    ...statementFields,
    transaction: Type.Boolean({
      default: false,
      description:
        'Whether the statements of a batch are one transaction. Without it each is committed by itself. In bulk a batch always is one.',
    }),
    savepoints: Type.Boolean({
      default: false,
      description:
        'Whether a record that fails leaves the others of its transaction as they are, with `onError: skip` or `log`, in PostgreSQL too.',
    }),
    table: Type.Optional(
      Type.String({
        ...tableName,
        description:
          'Table to write to in bulk, in place of a statement: `name` or `schema.name`, without quotes.',
        examples: ['orders', 'sales.orders'],
      }),
    ),
    columns: Type.Optional(
      Type.Union(
        [
          Type.Array(name('A column, and the key of its value.'), {
            minItems: 1,
            uniqueItems: true,
          }),
          Type.Record(Type.String(), pathField({ description: 'Path of the value.' }), {
            minProperties: 1,
          }),
        ],
        {
          description:
            'In bulk: the columns, as names or as names with the record path of each. Without it: the keys of the first record of the run.',
          examples: [['id', 'total'], { id: 'id', customer: 'customer.name' }],
        },
      ),
    ),
    mode: Type.Union(
      [
        Type.Literal('insert'),
        Type.Literal('upsert'),
        Type.Literal('update'),
        Type.Literal('delete'),
      ],
      { default: 'insert', description: 'In bulk: what is done with the row of a record.' },
    ),
    key: Type.Optional(
      Type.Array(name('A column of the key.'), {
        minItems: 1,
        uniqueItems: true,
        description:
          'In bulk: the columns that tell a row from others. All modes but `insert` need it.',
        examples: [['id'], ['tenant', 'number']],
      }),
    ),
    createTable: Type.Boolean({
      default: false,
      description:
        'In bulk: whether a table that is missing is made from the shape of the first batch.',
    }),
    exactlyOnce: Type.Boolean({
      default: false,
      description:
        'Whether the position of the pipeline is kept in this database too, committed together with the records.',
    }),
    checkpointTable: Type.String({
      ...tableName,
      default: 'cannectors_checkpoint',
      description: 'Table of that position, with `exactlyOnce`. It is made if it is missing.',
    }),
    binary: binaryField,
  },
  { additionalProperties: false, ...connectionChoice },
);

export type Config = Static<typeof config>;
