import type { Json } from '@cannectors/core';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

const transform = Type.Object(
  {
    op: Type.Union(
      [
        Type.Literal('trim'),
        Type.Literal('lowercase'),
        Type.Literal('uppercase'),
        Type.Literal('replace'),
        Type.Literal('split'),
        Type.Literal('join'),
        Type.Literal('toString'),
        Type.Literal('toInt'),
        Type.Literal('toFloat'),
        Type.Literal('toBool'),
        Type.Literal('toArray'),
        Type.Literal('toObject'),
        Type.Literal('dateFormat'),
      ],
      { description: 'What to do with the value.' },
    ),
    format: Type.Optional(
      Type.String({
        description:
          'Of `dateFormat`: how the date is written, in tokens or as the reference date. Default `YYYY-MM-DDTHH:mm:ss`.',
        examples: ['DD/MM/YYYY', 'Jan 2 2006'],
      }),
    ),
    pattern: Type.Optional(
      Type.String({
        description: 'Of `replace`: the regular expression to look for, in RE2 syntax.',
        examples: ['[^0-9]'],
      }),
    ),
    replacement: Type.Optional(
      Type.String({
        description:
          'Of `replace`: what stands for each match; `$1` and `${name}` are groups. Default: nothing.',
      }),
    ),
    separator: Type.Optional(
      Type.String({ description: 'Of `split` and `join`: what stands between. Default `,`.' }),
    ),
  },
  { additionalProperties: false },
);

const entry = Type.Object(
  {
    source: Type.Optional(
      pathField({
        description: 'Where to read. Without it, `target` is deleted.',
        examples: ['customer.email', 'lines[0].sku'],
      }),
    ),
    target: pathField({
      description: 'Where to write, or what to delete.',
      examples: ['email', 'customer.tier'],
    }),
    onMissing: Type.Union(
      [
        Type.Literal('setNull'),
        Type.Literal('skipField'),
        Type.Literal('useDefault'),
        Type.Literal('fail'),
      ],
      {
        default: 'setNull',
        description: 'What to do when the source is missing or null.',
      },
    ),
    defaultValue: Type.Optional(
      Type.Unsafe<Json>({
        description:
          'What to take instead with `useDefault`: any JSON value. It is transformed too.',
      }),
    ),
    transforms: Type.Array(transform, {
      default: [],
      description: 'What is done with the value, from left to right. Null passes through.',
    }),
  },
  { additionalProperties: false },
);

export const config = Type.Object(
  {
    mappings: Type.Array(entry, {
      description: 'What to copy, convert or delete, in this order.',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
export type Entry = Config['mappings'][number];
export type Transform = Entry['transforms'][number];
