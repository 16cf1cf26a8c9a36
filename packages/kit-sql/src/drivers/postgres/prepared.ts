import { type Client, exchange, type Field, together, whenReady } from './wire.ts';

/** A statement that the server has prepared on one connection. */
export interface Prepared {
  readonly name: string;
  /** Types of the placeholders. */
  readonly parameters: readonly number[];
  /** Columns of its rows; none if it has no rows. */
  readonly fields: readonly Field[];
}

/** The statements that a connection keeps prepared. */
export interface PreparedStatements {
  /** Gives a statement that is prepared already. */
  get(text: string): Prepared | undefined;
  /** Prepares a statement unless it is. One that was not used for long is given up for it. */
  prepare(text: string): Promise<Prepared>;
  /**
   * Tells whether an error means that the server no longer has what was prepared, as after a change of
   * a table. If so, everything is prepared anew when it is needed.
   */
  isOutdated(error: unknown): boolean;
}

/** Templates can make statements without end. */
const limit = 100;

const known = new WeakMap<Client, PreparedStatements>();

/** The statements of a connection stay prepared while it is lent to one after the other. */
export function preparedOn(client: Client): PreparedStatements {
  let statements = known.get(client);
  if (statements === undefined) known.set(client, (statements = preparedStatements(client)));
  return statements;
}

function preparedStatements(client: Client): PreparedStatements {
  const all = new Map<string, Prepared>();
  let count = 0;

  const get = (text: string): Prepared | undefined => {
    const found = all.get(text);
    if (found !== undefined) {
      all.delete(text);
      all.set(text, found);
    }
    return found;
  };

  return {
    get,
    async prepare(text) {
      const found = get(text);
      if (found !== undefined) return found;
      const [oldest] = all.size < limit ? [] : all;
      if (oldest !== undefined) all.delete(oldest[0]);
      const prepared = await describe(client, text, `cannectors_${++count}`, oldest?.[1].name);
      all.set(text, prepared);
      return prepared;
    },
    isOutdated(error) {
      const isIt = error instanceof Error && 'code' in error && isGone(error.code, error.message);
      if (isIt) all.clear();
      return isIt;
    },
  };
}

function describe(
  client: Client,
  text: string,
  name: string,
  unused: string | undefined,
): Promise<Prepared> {
  return new Promise((resolve, reject) => {
    const { connection } = client;
    let parameters: readonly number[] = [];
    let fields: readonly Field[] = [];
    const typesOf = (message: { readonly dataTypeIDs: readonly number[] }): void => {
      parameters = message.dataTypeIDs;
    };
    client.query(
      exchange({
        submit() {
          connection.once('parameterDescription', typesOf);
          together(connection, () => {
            if (unused !== undefined) connection.close({ type: 'S', name: unused });
            connection.parse({ name, text });
            connection.describe({ type: 'S', name });
            connection.sync();
          });
        },
        handleRowDescription(message) {
          ({ fields } = message);
        },
        handleError(error) {
          connection.off('parameterDescription', typesOf);
          whenReady(connection, () => reject(error));
        },
        handleReadyForQuery: () => resolve({ name, parameters, fields }),
      }),
    );
  });
}

/** `invalid_sql_statement_name`, or `feature_not_supported` of a plan whose columns have changed. */
function isGone(code: unknown, message: string): boolean {
  return code === '26000' || (code === '0A000' && message.includes('cached plan'));
}
