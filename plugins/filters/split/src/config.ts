import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

export const config = Type.Object(
  {
    field: pathField({
      description: 'The list whose elements become records.',
      examples: ['lines', 'order.lines'],
    }),
    itemName: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The key that the element stands under in its record.',
      examples: ['line'],
    }),
    include: Type.Optional(
      Type.Array(pathField({ description: 'A field of the record.' }), {
        description:
          'Fields of the record that go into each new one. Absent: all but the list. An empty list: none.',
        examples: [['id', 'customer.name']],
      }),
    ),
    parentKey: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Puts the whole record, but the list, under this key. Not with `include`.',
        examples: ['order'],
      }),
    ),
    onEmpty: Type.Union([Type.Literal('drop'), Type.Literal('keep')], {
      default: 'drop',
      description:
        'What becomes of a record whose list is empty: `keep` passes it without an element.',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
