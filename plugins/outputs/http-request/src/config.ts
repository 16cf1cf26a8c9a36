import { expressionField } from '@cannectors/kit-expression/config';
import {
  bodyFields,
  concurrencyField,
  httpFields,
  keysField,
  methodField,
} from '@cannectors/kit-http/config';
import { type Static, Type } from 'typebox';

const success = Type.Object(
  {
    statusCodes: Type.Optional(
      Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
        minItems: 1,
        uniqueItems: true,
        description: 'Statuses that count, also those of 400 and more.',
        examples: [[200, 201, 409]],
      }),
    ),
    expression: Type.Optional(
      expressionField({
        description: 'Condition on `statusCode`, `headers` and `body`.',
        examples: ['statusCode < 300 && body.errors == nil'],
      }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'Which responses count as a success. Without it: 200 to 204. With both keys, both have to hold.',
  },
);

export const config = Type.Object(
  {
    ...httpFields,
    method: methodField('POST'),
    requestMode: Type.Union([Type.Literal('batch'), Type.Literal('single')], {
      default: 'batch',
      description: 'One request for many records, or one for each.',
    }),
    batchSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Records in a request, with `batch`. Without it: all of the batch.',
      }),
    ),
    ...bodyFields,
    keys: Type.Optional(keysField),
    concurrency: concurrencyField,
    success: Type.Optional(success),
    idempotencyKey: Type.Boolean({
      default: false,
      description:
        'Whether requests carry a header `Idempotency-Key`, the same when they are repeated.',
    }),
    maxPageBytes: Type.Integer({
      minimum: 1,
      default: 16_777_216,
      description: 'As in the other HTTP modules. Here 1 MiB of a response is read at most.',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
