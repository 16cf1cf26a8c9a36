import { limitsField, scriptFileField } from '@cannectors/kit-script/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    inline: Type.Optional(
      Type.String({
        description:
          'The script, which has the function `processBatch(events)`. `${NAME}` in it is left alone.',
        examples: [
          'function processBatch(events) { return events.filter((event) => event.paid); }',
        ],
      }),
    ),
    scriptFile: scriptFileField('processBatch(events)'),
    limits: limitsField('one batch'),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
