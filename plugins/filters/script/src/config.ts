import { limitsField, scriptFileField } from '@cannectors/kit-script/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    script: Type.Optional(
      Type.String({
        description: 'The script, which has the function `transform(record)`.',
        examples: ['function transform(record) { record.total *= 2; return record; }'],
      }),
    ),
    scriptFile: scriptFileField('transform(record)'),
    limits: limitsField('one call of `transform`'),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
