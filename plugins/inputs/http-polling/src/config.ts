import { statePersistenceField } from '@cannectors/kit-cursor/config';
import { bodyFields, httpFields, methodField } from '@cannectors/kit-http/config';
import { pathField } from '@cannectors/kit-record/config';
import { type Static, Type } from 'typebox';

/** What each type of pagination cannot do without, besides `type`. */
const required = {
  page: [['param', 'totalPagesField']],
  offset: [['param', 'limitParam', 'totalField']],
  cursor: [['param', 'nextCursorField']],
  link: [['nextUrlField'], ['nextUrlHeader']],
};

const name = (description: string, examples: string[]) =>
  Type.Optional(Type.String({ minLength: 1, description, examples }));

const pagination = Type.Object(
  {
    type: Type.Union(
      [Type.Literal('page'), Type.Literal('offset'), Type.Literal('cursor'), Type.Literal('link')],
      { description: 'How the next page is found.' },
    ),
    param: name('Query parameter of the page, the offset or the cursor.', ['page', 'offset']),
    limitParam: name('Query parameter of the page size.', ['limit']),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Page size. Without it: 100 with `offset`.' }),
    ),
    totalPagesField: Type.Optional(
      pathField({ description: '`page`: number of pages.', examples: ['meta.total_pages'] }),
    ),
    totalField: Type.Optional(
      pathField({ description: '`offset`: number of records.', examples: ['meta.total'] }),
    ),
    nextCursorField: Type.Optional(
      pathField({ description: '`cursor`: the next cursor.', examples: ['meta.next'] }),
    ),
    nextUrlField: Type.Optional(
      pathField({
        description: '`link`: URL of the next page. A key of this very name is tried first.',
        examples: ['@odata.nextLink', 'links.next'],
      }),
    ),
    nextUrlHeader: name(
      '`link`: header with the URL of the next page: `Link` with `rel="next"`, or any other with a plain URL.',
      ['Link'],
    ),
    maxPages: Type.Integer({
      minimum: 1,
      default: 1000,
      description: 'Pages read in one run at most.',
    }),
  },
  {
    additionalProperties: false,
    description: 'How an answer of several pages is read.',
    allOf: Object.entries(required).map(([type, choices]) => ({
      if: { type: 'object', required: ['type'], properties: { type: { const: type } } },
      // oxlint-disable-next-line unicorn/no-thenable
      then: {
        type: 'object',
        ...(choices.length === 1
          ? { required: choices[0] }
          : { anyOf: choices.map((keys) => ({ required: keys })) }),
      },
    })),
  },
);

export const config = Type.Object(
  {
    ...httpFields,
    method: methodField('GET'),
    ...bodyFields,
    dataField: Type.Optional(
      pathField({ description: 'Where the list of records stands.', examples: ['data.orders'] }),
    ),
    pagination: Type.Optional(pagination),
    statePersistence: Type.Optional(statePersistenceField),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
export type Pagination = Static<typeof pagination>;
