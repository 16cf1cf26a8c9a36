import { callFields } from '@cannectors/kit-call/config';
import {
  bodyFields,
  concurrencyField,
  httpFields,
  keysField,
  methodField,
  retryField,
} from '@cannectors/kit-http/config';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

const statuses = (description: string, examples: number[][]) =>
  Type.Optional(
    Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
      minItems: 1,
      description,
      examples,
    }),
  );

const errorClassification = Type.Object(
  {
    functional: statuses('Statuses that are an error of the record: another try is no use.', [
      [404, 409],
    ]),
    technical: statuses('Statuses that are an outage: another try may help.', [[408, 423]]),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'What the error markers say of a status, in `category` and `retryable`. Nothing else changes by it. A status in both lists is functional.',
  },
);

export const config = Type.Object(
  {
    ...httpFields,
    method: methodField('GET'),
    keys: Type.Optional(keysField),
    ...bodyFields,
    dataField: Type.Optional(
      pathField({
        description:
          'Where in the response the answer stands: an object or a list. Without it: the whole.',
        examples: ['data.customer'],
      }),
    ),
    ...callFields,
    concurrency: concurrencyField,
    retry: Type.Optional(retryField),
    errorClassification: Type.Optional(errorClassification),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
