import { type Static, Type } from 'typebox';

const atLeastOne = (value: number, description: string) =>
  Type.Integer({ minimum: 1, default: value, description });

/**
 * How a module reaches its database. Spread it into the schema of the module, and add
 * `connectionChoice` to what the schema as a whole demands.
 *
 * @see spec/connectors/database.md, section 1
 */
export const connectionFields = {
  connectionString: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Address of the database, with its credentials.',
      examples: ['${DB_URL}', 'postgres://reader@db.example.com/shop', 'file:./shop.db'],
      'x-cannectors': 'secret',
    }),
  ),
  connectionStringRef: Type.Optional(
    Type.String({
      pattern: '^\\$\\{[A-Z_][A-Z0-9_]*\\}$',
      description:
        'Environment variable with the address, read when the module starts and kept out of the document.',
      examples: ['${DB_URL}'],
    }),
  ),
  driver: Type.Optional(
    Type.Union([Type.Literal('postgres'), Type.Literal('mysql'), Type.Literal('sqlite')], {
      description: 'Kind of database. Without it: told from the address. MariaDB is `mysql`.',
    }),
  ),
  maxOpenConns: atLeastOne(10, 'Connections at most.'),
  maxIdleConns: atLeastOne(5, 'Connections kept open while nobody needs them.'),
  connMaxLifetimeSeconds: atLeastOne(1800, 'A connection is replaced after so long.'),
  connMaxIdleTimeSeconds: atLeastOne(300, 'An idle connection is closed after so long.'),
  timeoutMs: Type.Integer({
    minimum: 1,
    default: 30_000,
    description:
      'Milliseconds that one statement may take, reading its rows included, and the check of the connection.',
  }),
};

/** Exactly one of the two addresses. */
export const connectionChoice = {
  oneOf: [{ required: ['connectionString'] }, { required: ['connectionStringRef'] }],
};

/**
 * The statement of a module. Spread it into the schema of the module.
 *
 * @see spec/connectors/templates-and-expressions.md, section 5
 */
export const statementFields = {
  query: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'The SQL. Values stand in it as `$1`, `$2`, …; `{% %}` blocks may shape it.',
      examples: ['SELECT id, email FROM customers WHERE id > $1 ORDER BY id'],
    }),
  ),
  queryFile: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'File with the SQL, beside the pipeline file.',
      examples: ['queries/new-orders.sql'],
    }),
  ),
  parameters: Type.Optional(
    Type.Array(Type.String({ minLength: 1, 'x-cannectors': 'expression' }), {
      description: 'Expressions: the first one is the value of `$1`, and so on.',
      examples: [['record.customer.id', 'state.lastId ?? 0']],
    }),
  ),
};

/** Exactly one of the two places of a statement. */
export const statementChoice = {
  oneOf: [{ required: ['query'] }, { required: ['queryFile'] }],
};

/** How values of the database become JSON. `timestamps` has a default of its own in each module. */
export const valueFields = (timestamps: 'seconds' | 'full') => ({
  int64: Type.Union([Type.Literal('exact'), Type.Literal('string'), Type.Literal('number')], {
    default: 'exact',
    description: 'What integers beyond 2^53 become: every digit, text, or the nearest number.',
  }),
  binary: binaryField,
  timestamps: Type.Union([Type.Literal('seconds'), Type.Literal('full')], {
    default: timestamps,
    description: 'Whether instants keep the fraction of a second. Cursors always do.',
  }),
});

/** How bytes stand in a record, when they are read and when they are written. */
export const binaryField = Type.Union([Type.Literal('text'), Type.Literal('base64')], {
  default: 'text',
  description: 'How bytes stand in a record: as UTF-8 text or as base64.',
});

const connection = Type.Object(connectionFields);
const statement = Type.Object(statementFields);

export type ConnectionConfig = Static<typeof connection>;
export type StatementConfig = Static<typeof statement>;
