import { pathField } from '@cannectors/kit-record/config';
import { templateField } from '@cannectors/kit-template/config';
import { type Static, Type } from 'typebox';

const secret = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, description, 'x-cannectors': 'secret' }));

const text = (description: string, examples?: string[]) =>
  Type.Optional(Type.String({ minLength: 1, description, ...(examples && { examples }) }));

const signature = Type.Object(
  {
    type: Type.Literal('hmac-sha256', {
      description: 'HMAC-SHA256 over the bytes of the body, in lower-case hex.',
    }),
    secret: Type.String({
      minLength: 1,
      description: 'The key that the sender signs with.',
      'x-cannectors': 'secret',
    }),
    header: Type.String({
      minLength: 1,
      default: 'X-Hub-Signature-256',
      description: 'Header with the signature: `sha256=<hex>` or `<hex>`.',
    }),
  },
  { additionalProperties: false, description: 'What the sender signs each delivery with.' },
);

/** What `credentials` must and may hold, by `type`. */
const kinds = {
  basic: { required: ['username', 'password'], optional: [] },
  bearer: { required: ['token'], optional: [] },
  'api-key': { required: ['key'], optional: ['headerName'] },
  jwt: {
    required: [],
    optional: ['secret', 'publicKey', 'jwksUrl', 'algorithms', 'issuer', 'audience', 'leewayMs'],
  },
};

const jwtAlgorithms =
  'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA'.split(' ');

const authentication = Type.Object(
  {
    type: Type.Union(
      [Type.Literal('basic'), Type.Literal('bearer'), Type.Literal('api-key'), Type.Literal('jwt')],
      { description: 'How the sender shows who it is.' },
    ),
    credentials: Type.Object(
      {
        username: text('`basic`: the user.'),
        password: secret('`basic`: the password.'),
        token: secret('`bearer`: the token.'),
        key: secret('`api-key`: the key.'),
        headerName: text('`api-key`: name of the header. Without it: `X-API-Key`.', ['X-API-Key']),
        secret: secret('`jwt`: the key of `HS256`, `HS384`, `HS512`.'),
        publicKey: text('`jwt`: the public key of the issuer, as PEM.', ['${ISSUER_PUBLIC_KEY}']),
        jwksUrl: text('`jwt`: address of the keys of the issuer.', [
          'https://login.example.com/.well-known/jwks.json',
        ]),
        algorithms: Type.Optional(
          Type.Array(
            Type.Unsafe<string>(Type.Union(jwtAlgorithms.map((name) => Type.Literal(name)))),
            {
              minItems: 1,
              description:
                '`jwt`: algorithms that are accepted. Without it: the usual one of the key, `HS256`, `RS256`, `ES256` or `EdDSA`; of `jwksUrl` `RS256`.',
            },
          ),
        ),
        issuer: text('`jwt`: what `iss` has to be.', ['https://login.example.com/']),
        audience: text('`jwt`: what `aud` has to hold.', ['orders']),
        leewayMs: Type.Optional(
          Type.Integer({
            minimum: 0,
            description: '`jwt`: how far the clocks may be apart. Without it: 0.',
          }),
        ),
      },
      { additionalProperties: false, description: 'What the chosen type needs.' },
    ),
  },
  {
    additionalProperties: false,
    description: 'How the sender shows who it is.',
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

const rateLimit = Type.Object(
  {
    requestsPerSecond: Type.Number({ minimum: 1, description: 'Requests that are let in.' }),
    burst: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Requests that may come at once. Without it: `requestsPerSecond`.',
      }),
    ),
  },
  { additionalProperties: false, description: 'How many requests are let in, from all senders.' },
);

const response = Type.Object(
  {
    statusCode: Type.Optional(
      Type.Integer({
        minimum: 200,
        maximum: 299,
        description: 'Status of the answer. Without it: 200, with a queue 202.',
      }),
    ),
    headers: Type.Record(Type.String(), Type.String({ description: 'Value of the header.' }), {
      default: {},
      description: 'Headers of the answer. Without `Content-Type` it is JSON.',
      examples: [{ 'Content-Type': 'text/plain' }],
    }),
    body: Type.Optional(
      templateField({
        description:
          'Body of the answer. It may read `request.body`, `request.headers`, `request.path`, `request.query`, and without a queue the counts `result.accepted`, `result.skipped`, `result.deadLettered`.',
        examples: ['{"challenge": "{{ request.body.challenge }}"}'],
      }),
    ),
  },
  { additionalProperties: false, description: 'What an accepted delivery is answered.' },
);

// `validate` sees the names of variables, not their values.
const pathPattern = '^/([^\\s{}?#]|\\$\\{\\w+\\})*$';

/** What every endpoint has of its own. */
const endpointFields = {
  dataField: Type.Optional(
    pathField({ description: 'Where the list of records stands.', examples: ['data.orders'] }),
  ),
  signature: Type.Optional(signature),
  authentication: Type.Optional(authentication),
  rateLimit: Type.Optional(rateLimit),
  deliveryIdHeader: text(
    'Header with the id of the delivery. An id that was delivered in the last 24 hours is answered, and starts nothing.',
    ['Webhook-Id'],
  ),
  response: Type.Optional(response),
};

const endpoint = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      description: 'Name of the endpoint: records find it in `_metadata.webhook.endpoint`.',
      examples: ['orders'],
    }),
    path: Type.String({
      pattern: pathPattern,
      description: 'Path of the endpoint.',
      examples: ['/orders'],
    }),
    ...endpointFields,
  },
  { additionalProperties: false },
);

const queue = Type.Object(
  {
    durable: Type.Boolean({
      default: true,
      description:
        'Deliveries are on disk before they are answered. Without it they are in memory only: at most once.',
    }),
    storagePath: text(
      'Folder of the queue, relative to the working folder. Without it: in the state folder.',
    ),
    acceptWhilePaused: Type.Boolean({
      default: true,
      description: 'Deliveries are taken while the pipeline is paused, until the queue is full.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'How deliveries wait.' },
);

export const config = Type.Object(
  {
    path: Type.Optional(
      Type.String({
        pattern: pathPattern,
        description: 'Path that deliveries are sent to.',
        examples: ['/orders'],
      }),
    ),
    endpoints: Type.Optional(
      Type.Array(endpoint, {
        minItems: 1,
        description:
          'Several paths, in place of `path`. What an endpoint does not say it takes from the fields beside this one.',
      }),
    ),
    listenAddress: Type.String({
      minLength: 1,
      default: '0.0.0.0:8080',
      description: 'Where to listen, `host:port`. Port 0 is any free port.',
      examples: ['127.0.0.1:8080'],
    }),
    requestTimeoutMs: Type.Integer({
      minimum: 1,
      default: 15_000,
      description: 'Longest time for reading a request, and for its answer.',
    }),
    maxBodyBytes: Type.Integer({
      minimum: 1,
      default: 10_485_760,
      description: 'Largest body in bytes.',
    }),
    ...endpointFields,
    queueSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Deliveries that may wait. With it they are answered as soon as they are stored; without it after they are delivered.',
      }),
    ),
    queue,
    maxConcurrent: Type.Integer({
      minimum: 1,
      default: 1,
      description: 'With a queue: deliveries that are worked on at once.',
    }),
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ['path'] }, { required: ['endpoints'] }],
  },
);

export type Config = Static<typeof config>;
export type EndpointConfig = Static<typeof endpoint>;
export type SignatureConfig = Static<typeof signature>;
export type AuthenticationConfig = Static<typeof authentication>;
export type RateLimitConfig = Static<typeof rateLimit>;
export type ResponseConfig = Static<typeof response>;
