// The fields of a config that say how CSV is written. Runs when a schema is made, never in a pipeline.
import { Type } from 'typebox';

/** What every reader and writer of CSV has to know. Spread them into a `csv` block. */
export const csvFields = {
  delimiter: Type.String({
    pattern: '^[\\t -!#-~]$',
    default: ',',
    description: 'The character between two fields.',
    examples: [';', '\t'],
  }),
  header: Type.Boolean({
    default: true,
    description: 'Whether the first row of the file names the columns.',
  }),
};
