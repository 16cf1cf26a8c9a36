import type { Catalog, Kind, Manifest, SchemaObject } from '../src/index.ts';

/** A few plugins with the schemas that real ones have, as far as documents need them. */
export function plugins(more: readonly Manifest[] = []): Catalog {
  const all = [...standard, ...more];
  const major = ({ version }: Manifest): number => Number.parseInt(version, 10);
  return {
    find(kind, word) {
      const [type, wanted] = word.split('@');
      return all
        .filter((one) => one.kind === kind && [one.type, ...one.aliases].includes(type ?? ''))
        .filter((one) => wanted === undefined || String(major(one)) === wanted)
        .toSorted((a, b) => major(b) - major(a))[0];
    },
    list: () => all,
  };
}

export function manifest(
  kind: Kind,
  type: string,
  schema: SchemaObject,
  rest: Partial<Manifest> = {},
): Manifest {
  return {
    kind,
    type,
    aliases: [],
    package: `@cannectors/${kind}-${type.toLowerCase()}`,
    version: '1.4.2',
    apiVersion: 1,
    description: `The ${type} ${kind}.`,
    from: 'bundle',
    schema: () => schema,
    ...rest,
  };
}

export function object(
  properties: Record<string, SchemaObject>,
  required: readonly string[] = [],
): SchemaObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

const text: SchemaObject = { type: 'string', minLength: 1 };
const steps: SchemaObject = {
  type: 'array',
  items: { type: 'object', required: ['type'] },
  'x-cannectors': 'filters',
};

const retryFields: Record<string, SchemaObject> = {
  maxAttempts: { type: 'integer', minimum: 0, maximum: 10, default: 3 },
  delayMs: { type: 'integer', minimum: 0, default: 1000 },
  backoffMultiplier: { type: 'number', minimum: 1, maximum: 10, default: 2 },
  maxDelayMs: { type: 'integer', minimum: 0, default: 30_000 },
  retryableStatusCodes: { type: 'array', items: { type: 'integer' } },
  useRetryAfterHeader: { type: 'boolean', default: false },
};
const hint: Record<string, SchemaObject> = { retryHintFromBody: { type: 'string' } };

const authentication: SchemaObject = {
  anyOf: [
    object({ type: { const: 'basic' }, user: text, password: text }, ['type', 'user', 'password']),
    object({ type: { const: 'bearer' }, token: text }, ['type', 'token']),
    object(
      {
        type: { const: 'oauth2' },
        clientId: text,
        scope: { type: 'string', default: 'all' },
      },
      ['type', 'clientId'],
    ),
  ],
};

const http: Record<string, SchemaObject> = {
  endpoint: { ...text, 'x-cannectors': 'template' },
  headers: { type: 'object', additionalProperties: { type: 'string' }, default: {} },
  timeoutMs: { type: 'integer', minimum: 1, default: 30_000 },
  authentication,
};

const cursor = object({ enabled: { type: 'boolean', default: false }, field: text });
const statePersistence = object({ id: cursor, timestamp: cursor, offset: cursor });

const standard: readonly Manifest[] = [
  manifest('input', 'file', object({ path: text, format: { enum: ['json', 'csv'] } }, ['path'])),
  manifest(
    'input',
    'httpPolling',
    object(
      {
        ...http,
        dataField: text,
        maxPageBytes: { type: 'integer', minimum: 1, default: 16_777_216 },
        pagination: object({ type: { enum: ['page', 'offset'] }, param: text }, ['type']),
        retry: { ...object({ ...retryFields, ...hint }), default: {} },
        statePersistence,
      },
      ['endpoint'],
    ),
  ),
  manifest('input', 'webhook', object({ path: text }, ['path'])),
  manifest('input', 'query', {
    ...object({
      connectionString: text,
      connectionStringRef: { type: 'string', pattern: '^\\$\\{[A-Z_][A-Z0-9_]*\\}$' },
      query: text,
      queryFile: text,
      statePersistence,
    }),
    allOf: [
      { oneOf: [{ required: ['connectionString'] }, { required: ['connectionStringRef'] }] },
      { oneOf: [{ required: ['query'] }, { required: ['queryFile'] }] },
    ],
  }),
  manifest('filter', 'set', object({ target: text, value: {} }, ['target', 'value'])),
  manifest(
    'filter',
    'remove',
    object({ target: { anyOf: [text, { type: 'array', items: text, minItems: 1 }] } }, ['target']),
  ),
  manifest(
    'filter',
    'mapping',
    object(
      {
        mappings: {
          type: 'array',
          items: object(
            {
              source: text,
              target: text,
              onMissing: {
                enum: ['setNull', 'skipField', 'useDefault', 'fail'],
                default: 'setNull',
              },
            },
            ['target'],
          ),
        },
      },
      ['mappings'],
    ),
  ),
  manifest(
    'filter',
    'condition',
    object({ expression: text, then: steps, else: steps }, ['expression']),
  ),
  manifest('filter', 'loop', object({ field: text, filters: steps }, ['field', 'filters'])),
  manifest('filter', 'drop', object({})),
  manifest(
    'filter',
    'javascript',
    object({ inline: text, scriptFile: text, limits: object({ cpuMs: { type: 'integer' } }) }),
  ),
  manifest(
    'filter',
    'http_call',
    object({ ...http, retry: object({ ...retryFields, ...hint }) }, ['endpoint']),
    { aliases: ['httpCall'] },
  ),
  manifest(
    'output',
    'httpRequest',
    object(
      {
        ...http,
        method: { enum: ['POST', 'PUT'], default: 'POST' },
        retry: { ...object({ ...retryFields, ...hint }), default: {} },
      },
      ['endpoint'],
    ),
  ),
  manifest('output', 'file', object({ path: text }, ['path'])),
  manifest('output', 'console', object({ pretty: { type: 'boolean', default: false } })),
];
