import { templateField } from '@cannectors/kit-template/config';
import { type Static, type TObject, Type } from 'typebox';

const cache = Type.Object(
  {
    enabled: Type.Boolean({ default: false, description: 'Whether answers are kept.' }),
    maxSize: Type.Integer({
      minimum: 1,
      default: 1000,
      description: 'Answers kept at most. The least recently used one goes first.',
    }),
    ttlSeconds: Type.Integer({
      minimum: 1,
      default: 300,
      description: 'How long an answer is good.',
    }),
    key: Type.Optional(
      templateField({
        minLength: 1,
        description: 'What tells answers apart. Without it: what the filter asks for.',
        examples: ['{{ record.customer.id }}'],
      }),
    ),
  },
  { additionalProperties: false, description: 'Keeps answers in memory and asks only once.' },
);

export type CacheConfig = Static<typeof cache>;

/**
 * The fields of every filter that asks something for each record. Spread them into its config.
 *
 * @see spec/connectors/filters.md, section 9
 */
export const callFields = {
  mergeStrategy: Type.Union(
    [Type.Literal('merge'), Type.Literal('replace'), Type.Literal('append')],
    {
      default: 'merge',
      description:
        'How an answer goes into the record: merged key by key at every depth, its keys in place of those of the record, or as a whole under `resultKey`.',
    },
  ),
  resultKey: Type.Optional(
    Type.String({
      description: '`append`: the key that gets the answer. One key, not a path.',
      examples: ['customer'],
    }),
  ),
  cache: Type.Optional(cache),
};

export type CallConfig = Static<TObject<typeof callFields>>;
