import { csvFields } from '@cannectors/kit-csv/config';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      description: 'File to write: absolute, or relative to the working folder. Folders are made.',
      examples: ['./out/orders.ndjson', '${EXPORT_FOLDER}/customers.csv'],
    }),
    format: Type.Optional(
      Type.Union([Type.Literal('ndjson'), Type.Literal('csv')], {
        description:
          'How records are written. Default: by the extension, `.ndjson`, `.jsonl` or `.csv`.',
      }),
    ),
    mode: Type.Union([Type.Literal('append'), Type.Literal('replace')], {
      default: 'append',
      description:
        'Whether records are added to the file, or the file of the last run is replaced at the end of this one.',
    }),
    csv: Type.Object(
      {
        ...csvFields,
        columns: Type.Optional(
          Type.Union(
            [
              Type.Array(pathField({ description: 'A column, and the path of its value.' }), {
                minItems: 1,
                uniqueItems: true,
              }),
              Type.Record(Type.String(), pathField({ description: 'Path of the value.' }), {
                minProperties: 1,
              }),
            ],
            {
              description:
                'The columns in order: record paths, or names with the record path of each. Default: those of the file, else the keys of the first record.',
              examples: [['id', 'customer.name'], { Id: 'id', Customer: 'customer.name' }],
            },
          ),
        ),
      },
      {
        additionalProperties: false,
        default: { delimiter: ',', header: true },
        description: 'How a `csv` file is written.',
      },
    ),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
