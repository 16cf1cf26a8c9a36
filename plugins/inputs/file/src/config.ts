import { csvFields } from '@cannectors/kit-csv/config';
import { offsetPersistenceField } from '@cannectors/kit-cursor/config';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    path: Type.String({
      minLength: 1,
      description:
        'File to read: absolute, or relative to the pipeline file, else to the working folder.',
      examples: ['./orders.ndjson', '${IMPORT_FOLDER}/customers.csv'],
    }),
    format: Type.Optional(
      Type.Union([Type.Literal('ndjson'), Type.Literal('json'), Type.Literal('csv')], {
        description:
          'What the file holds. Default: by its extension, `.ndjson`, `.jsonl`, `.json` or `.csv`.',
      }),
    ),
    dataField: Type.Optional(
      pathField({
        description:
          'Where the list is in a `json` file that holds an object. Default: the first of `data`, `items`, `results`, `records` that is a list.',
        examples: ['response.orders'],
      }),
    ),
    csv: Type.Object(
      {
        ...csvFields,
        columns: Type.Optional(
          Type.Array(Type.String(), {
            minItems: 1,
            uniqueItems: true,
            description: 'Names of the columns, in order, of a file without a header.',
            examples: [['id', 'name']],
          }),
        ),
      },
      {
        additionalProperties: false,
        default: { delimiter: ',', header: true },
        description: 'How a `csv` file is written.',
      },
    ),
    statePersistence: Type.Optional(offsetPersistenceField),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
