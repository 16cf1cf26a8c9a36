import type { Answer, Connection, Done, Field, Prepared, Row } from './client.ts';

/** Asks for something, and settles once. */
export type Ask<T> = (resolve: (value: T) => void, reject: (error: unknown) => void) => void;

/** Asks for the end of a text statement without rows. */
export function done(connection: Connection, sql: string): Ask<Done | undefined> {
  return (resolve, reject) => {
    let last: Done | undefined;
    heard(connection.query({ sql }), {
      row: () => undefined,
      done: (result) => (last = result),
      end: () => resolve(last),
      reject,
    });
  };
}

/** Asks for all rows of a text statement, as they come. */
export function rows(connection: Connection, sql: string): Ask<Row[]> {
  return (resolve, reject) => {
    const found: Row[] = [];
    heard(connection.query({ sql }), {
      row: (row) => found.push(row),
      end: () => resolve(found),
      reject,
    });
  };
}

/** Asks for a statement to be prepared. */
export function preparation(connection: Connection, sql: string): Ask<Prepared> {
  return (resolve, reject) =>
    connection.prepare(sql, (error, statement) => {
      if (statement === undefined) reject(error);
      else resolve(statement);
    });
}

/** Who listens to an answer. */
export interface Listener {
  columns?(fields: readonly Field[]): void;
  row(row: Row): void;
  done?(result: Done): void;
  end(): void;
  reject(error: unknown): void;
}

/** Tells the parts of an answer apart. Of several result sets the first counts. */
export function heard(answer: Answer, listener: Listener): void {
  let sets = 0;
  let hasRows = false;
  let hasFailed = false;
  answer
    .on('fields', (fields) => {
      hasRows = fields !== undefined;
      if (fields !== undefined && ++sets === 1) listener.columns?.(fields);
    })
    .on('result', (result) => {
      if (!hasRows) listener.done?.(result as Done);
      else if (sets === 1) listener.row(result as Row);
    })
    .on('error', (error) => {
      hasFailed = true;
      listener.reject(error);
    })
    .on('end', () => {
      if (!hasFailed) listener.end();
    });
}
