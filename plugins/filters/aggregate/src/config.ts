import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

const field = () => Type.Optional(pathField({ description: 'A field of the records.' }));

const calculation = Type.Union(
  [
    Type.Literal('count', { description: 'How many records there are.' }),
    Type.Object(
      {
        count: field(),
        sum: field(),
        min: field(),
        max: field(),
        first: field(),
        last: field(),
        list: field(),
      },
      {
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        description: 'One of these, over the values of a field.',
      },
    ),
  ],
  { description: 'What stands in the field.' },
);

export const config = Type.Object(
  {
    groupBy: Type.Optional(
      Type.Union(
        [
          pathField({ description: 'A field.' }),
          Type.Array(pathField({ description: 'A field.' }), {
            minItems: 1,
            description: 'Several fields.',
          }),
        ],
        {
          description:
            'Records with the same values here make a group, and these values stand in its record. Absent: one group of all.',
          examples: ['customer.id', ['country', 'year']],
        },
      ),
    ),
    per: Type.Union([Type.Literal('run'), Type.Literal('batch')], {
      default: 'run',
      description: 'How far a group reaches: to the end of the run, or of the batch.',
    }),
    window: Type.Optional(
      Type.Object(
        {
          sizeMs: Type.Integer({
            minimum: 1,
            description: 'Length of a window. Windows begin at multiples of it since 1970, in UTC.',
            examples: [3_600_000],
          }),
          field: Type.Optional(
            pathField({
              description:
                'A date, or milliseconds since 1970. Absent: the time at which the record comes.',
            }),
          ),
          waitMs: Type.Integer({
            minimum: 0,
            default: 0,
            description: 'How much later a record may have to be until a window is closed.',
          }),
        },
        {
          additionalProperties: false,
          description: 'Parts each group by time. A window that is over gives its groups.',
        },
      ),
    ),
    maxSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'A group of so many records is given at once, and another one begins.',
      }),
    ),
    into: Type.Optional(
      pathField({
        description: 'Where the records of a group stand, as a list.',
        examples: ['lines'],
      }),
    ),
    fields: Type.Record(Type.String({ minLength: 1, maxLength: 1000 }), calculation, {
      default: {},
      description: 'What is calculated, by the field that it is written to.',
      examples: [{ orders: 'count', total: { sum: 'amount' } }],
    }),
    maxBuffered: Type.Integer({
      minimum: 1,
      default: 100_000,
      description: 'Bound on memory: groups, and records and values that they keep.',
    }),
    onOverflow: Type.Union([Type.Literal('fail'), Type.Literal('flush')], {
      default: 'fail',
      description:
        'At the bound: a fault of the record that finds no place, or all groups are given as they are.',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
