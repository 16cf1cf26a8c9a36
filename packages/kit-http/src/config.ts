import { pathField } from '@cannectors/kit-record/config';
import { templateField } from '@cannectors/kit-template/config';
import { type Static, type TObject, type TObjectOptions, Type } from 'typebox';

const secret = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, description, 'x-cannectors': 'secret' }));

const text = (description: string, examples?: string[]) =>
  Type.Optional(Type.String({ minLength: 1, description, ...(examples && { examples }) }));

/** What `credentials` must and may hold, by `type`. */
const kinds = {
  'api-key': { required: ['key'], optional: ['location', 'headerName', 'paramName'] },
  bearer: { required: ['token'], optional: [] },
  basic: { required: ['username', 'password'], optional: [] },
  oauth2: { required: ['tokenUrl', 'clientId', 'clientSecret'], optional: ['scope'] },
};

/**
 * How a module shows who it is. Wrap it in `Type.Optional`.
 *
 * @see spec/connectors/auth.md, section 1
 */
export const authenticationField = Type.Object(
  {
    type: Type.Union(
      [
        Type.Literal('api-key'),
        Type.Literal('bearer'),
        Type.Literal('basic'),
        Type.Literal('oauth2'),
      ],
      { description: 'How the module shows who it is.' },
    ),
    credentials: Type.Object(
      {
        key: secret('`api-key`: the key.'),
        location: Type.Optional(
          Type.Union([Type.Literal('header'), Type.Literal('query')], {
            description: '`api-key`: where the key is sent. Without it: in a header.',
          }),
        ),
        headerName: text('`api-key`: name of the header. Without it: `X-API-Key`.', ['X-API-Key']),
        paramName: text('`api-key`: name of the query parameter. Without it: `api_key`.'),
        token: secret('`bearer`: the token.'),
        username: text('`basic`: the user.'),
        password: secret('`basic`: the password.'),
        tokenUrl: text('`oauth2`: address that gives tokens.', [
          'https://login.example.com/oauth/token',
        ]),
        clientId: text('`oauth2`: id of the client.'),
        clientSecret: secret('`oauth2`: secret of the client.'),
        scope: text('`oauth2`: what is asked for, separated by spaces.', ['read write']),
      },
      { additionalProperties: false, description: 'What the chosen type needs.' },
    ),
  },
  {
    additionalProperties: false,
    description: 'How the module shows who it is.',
    allOf: Object.entries(kinds).map(([kind, { required, optional }]) => ({
      if: { type: 'object', required: ['type'], properties: { type: { const: kind } } },
      // oxlint-disable-next-line unicorn/no-thenable
      then: {
        type: 'object',
        properties: {
          credentials: {
            type: 'object',
            required,
            propertyNames: { enum: [...required, ...optional] },
          },
        },
      },
    })),
  },
);

export type Authentication = Static<typeof authenticationField>;

function retry(options: TObjectOptions) {
  return Type.Object(
    {
      maxAttempts: Type.Integer({
        minimum: 0,
        maximum: 10,
        default: 3,
        description: 'Number of retries: requests in total are one more.',
      }),
      delayMs: Type.Integer({
        minimum: 0,
        default: 1000,
        description: 'Wait before the first retry. 0 means the default.',
      }),
      backoffMultiplier: Type.Number({
        minimum: 1,
        maximum: 10,
        default: 2,
        description: 'What each further wait is multiplied by.',
      }),
      maxDelayMs: Type.Integer({
        minimum: 0,
        default: 30_000,
        description: 'Longest wait. 0 means the default.',
      }),
      retryableStatusCodes: Type.Optional(
        Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
          description:
            'Statuses that are tried again. Without it: 429, 500, 502, 503, 504. An empty list: 429 and all from 500 on.',
          examples: [[408, 429, 503]],
        }),
      ),
      useRetryAfterHeader: Type.Boolean({
        default: false,
        description: 'Whether a `Retry-After` header replaces the computed wait.',
      }),
      retryHintFromBody: Type.String({
        maxLength: 10_000,
        default: '',
        'x-cannectors': 'expression',
        description:
          'Condition on `body`, the JSON object of a response: false forbids a retry, true asks for one also after a success.',
        examples: ['body.retryable == true'],
      }),
      jitter: Type.Boolean({
        default: false,
        description: 'Whether each wait is drawn between 0 and the computed one.',
      }),
      maxElapsedMs: Type.Optional(
        Type.Integer({
          minimum: 1,
          description: 'Longest time that a batch of an endless pipeline is tried again.',
        }),
      ),
    },
    {
      additionalProperties: false,
      description: 'What is tried again after a failure, how often and when.',
      ...options,
    },
  );
}

/**
 * The policy of a module that retries only where it is told to: wrap it in `Type.Optional`. It is
 * part of `httpFields` for those that always do.
 *
 * @see spec/connectors/execution.md, section 6.1
 */
export const retryField = retry({});

export type Retry = Static<typeof retryField>;

/** The fields of every plugin that speaks HTTP. Spread them into its config. */
export const httpFields = {
  endpoint: templateField({
    minLength: 1,
    description: 'Address of the resource: an absolute http or https URL.',
    examples: ['https://api.example.com/orders'],
  }),
  headers: Type.Record(Type.String(), templateField({ description: 'Value of the header.' }), {
    default: {},
    description: 'Headers sent with every request.',
    examples: [{ 'X-Tenant': 'acme' }],
  }),
  queryParams: Type.Record(
    Type.String(),
    templateField({ description: 'Value of the parameter.' }),
    {
      default: {},
      description: 'Query parameters set in the endpoint.',
      examples: [{ status: 'open' }],
    },
  ),
  authentication: Type.Optional(authenticationField),
  timeoutMs: Type.Integer({
    minimum: 1,
    default: 30_000,
    description: 'Longest time of one attempt, reading the response included.',
  }),
  maxPageBytes: Type.Integer({
    minimum: 1,
    default: 16_777_216,
    description: 'Largest response body in bytes.',
  }),
  allowedHosts: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description:
        'Hosts, with or without a port, that data, links and redirects may lead to although they are not public or not those of the endpoint.',
      examples: [['files.example.com', '10.0.0.5:8080']],
    }),
  ),
  retry: retry({ default: {} }),
};

export type HttpConfig = Static<TObject<typeof httpFields>>;

/** Any verb: a token of RFC 9110, in any letter case. */
export function methodField(standard: string) {
  return Type.String({
    pattern: "^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$",
    default: standard,
    description: 'Method of the request.',
    examples: ['GET', 'POST', 'PATCH'],
  });
}

/** The fields of a plugin whose requests have a body that the author writes. */
export const bodyFields = {
  body: Type.Optional(
    templateField({
      description: 'Body of the request.',
      examples: ['{"id": {{ record.id }}}'],
    }),
  ),
  bodyTemplateFile: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'File that holds the body, beside the pipeline file. `body` wins over it.',
      examples: ['templates/order.json'],
    }),
  ),
};

export type BodyConfig = Static<TObject<typeof bodyFields>>;

/** How many requests may be on their way at once. */
export const concurrencyField = Type.Integer({
  minimum: 1,
  default: 1,
  description: 'Requests in flight within a batch. Results keep the order of the records.',
});

/**
 * Values of a record that go into the request. Wrap it in `Type.Optional`.
 *
 * @see spec/connectors/http.md, section 1.4
 */
export const keysField = Type.Array(
  Type.Object(
    {
      field: pathField({ description: 'Where the value stands.', examples: ['id', 'line.sku'] }),
      paramType: Type.Union([Type.Literal('query'), Type.Literal('path'), Type.Literal('header')], {
        description: 'Where the value goes.',
      }),
      paramName: Type.String({
        minLength: 1,
        description: 'Name of the parameter, the header, or the placeholder `{name}` of the path.',
        examples: ['id'],
      }),
    },
    { additionalProperties: false },
  ),
  { description: 'Values of the record that go into the request.' },
);

export type Keys = Static<typeof keysField>;
