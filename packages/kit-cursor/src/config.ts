import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

const enabled = Type.Boolean({ default: false, description: 'Whether this cursor is kept.' });

const queryParam = Type.Optional(
  Type.String({
    minLength: 1,
    description: 'Parameter of the next run that carries the stored value.',
    examples: ['updated_after'],
  }),
);

const storagePath = Type.Optional(
  Type.String({
    minLength: 1,
    description:
      'Folder of the state file, relative to the working folder. Default: that of the process.',
    examples: ['./.cannectors-state'],
  }),
);

/**
 * The cursors of an input that asks for what is new: `id`, `timestamp`, `offset`. Wrap it in
 * `Type.Optional`: without it nothing is remembered.
 *
 * @see spec/connectors/state.md, section 1
 */
export const statePersistenceField = Type.Object(
  {
    timestamp: Type.Optional(
      Type.Object(
        {
          enabled,
          field: Type.Optional(
            pathField({
              description: 'Date of a record, as fetched. Without it: the start of the run.',
              examples: ['event.updatedAt'],
            }),
          ),
          queryParam,
        },
        { additionalProperties: false, description: 'The latest date seen.' },
      ),
    ),
    id: Type.Optional(
      Type.Object(
        {
          enabled,
          field: pathField({
            description: 'Id of a record, as fetched.',
            examples: ['id', 'event.id'],
          }),
          queryParam,
        },
        { additionalProperties: false, description: 'The largest id seen.' },
      ),
    ),
    offset: Type.Optional(
      Type.Object(
        { enabled, queryParam },
        { additionalProperties: false, description: 'The number of records read so far.' },
      ),
    ),
    ordered: Type.Boolean({
      default: false,
      description:
        'The source returns records in the order of the cursors, so that they may advance with each delivered batch instead of with the run.',
    }),
    onMissing: Type.Union([Type.Literal('ignore'), Type.Literal('error')], {
      default: 'ignore',
      description: 'What a record without a usable value means.',
    }),
    overlapMs: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'How far before the stored timestamp the next run begins.',
    }),
    storagePath,
  },
  { additionalProperties: false, description: 'What the pipeline remembers between runs.' },
);

/** The cursor of an input that can only count: `offset`. Wrap it in `Type.Optional`. */
export const offsetPersistenceField = Type.Object(
  {
    offset: Type.Optional(
      Type.Object(
        { enabled },
        { additionalProperties: false, description: 'How much of the source was read so far.' },
      ),
    ),
    storagePath,
  },
  { additionalProperties: false, description: 'What the pipeline remembers between runs.' },
);

export type StatePersistence = Static<typeof statePersistenceField>;
export type OffsetPersistence = Static<typeof offsetPersistenceField>;
