import type { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';

/** The connection inside a client of `pg`, as far as the exchanges here speak to it. */
export interface Wire {
  readonly stream: Socket;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  query(text: string): void;
  parse(message: { name: string; text: string }): void;
  describe(message: { type: 'S'; name: string }): void;
  bind(message: { portal: string; statement: string; values: readonly WireValue[] }): void;
  execute(message: { portal: string; rows: number }): void;
  close(message: { type: 'S' | 'P'; name: string }): void;
  flush(): void;
  sendCopyFail(reason: string): void;
  endCopyFrom(): void;
  sync(): void;
  on(event: string, listener: (message: never) => void): this;
  once(event: string, listener: (message: never) => void): this;
  off(event: string, listener: (message: never) => void): this;
}

/** A value in the server's text form; a buffer in its binary form. */
export type WireValue = string | Buffer | null;

/** A client that the pool has lent, as far as it matters here. The types of `pg` leave out half of it. */
export interface Client {
  readonly connection: Wire;
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  query(text: string): Promise<unknown>;
  query(exchange: Exchange): void;
  /** Idle, inside a transaction, inside one that has failed. */
  getTransactionStatus(): 'I' | 'T' | 'E' | null;
  release(destroy: boolean): void;
  on(event: 'error', listener: (error: Error) => void): this;
  off(event: 'error', listener: (error: Error) => void): this;
}

/** A column of a result. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/**
 * What a client may be given instead of a query: it sends messages and is handed the answers, until the
 * server is ready for the next. After an error it is handed nothing any more.
 */
export interface Exchange {
  submit(connection: Wire): void;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handlePortalSuspended(): void;
  handleEmptyQuery(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
  handleCopyInResponse(connection: Wire): void;
  handleCopyData(message: { readonly chunk: Buffer }): void;
}

/** The steps that an exchange has to have, and those that it may have. */
type Steps = Pick<Exchange, 'submit' | 'handleError' | 'handleReadyForQuery'> & Partial<Exchange>;

/** Makes an exchange out of the steps that matter to it. */
export function exchange(steps: Steps): Exchange {
  return {
    handleRowDescription() {},
    handleDataRow() {},
    handleCommandComplete() {},
    handlePortalSuspended() {},
    handleEmptyQuery() {},
    // A statement of the user waits for rows that nobody has. What was sent behind it would be taken for them.
    handleCopyInResponse: ({ stream }) =>
      stream.destroy(new Error('COPY … FROM STDIN is not possible here')),
    handleCopyData() {},
    ...steps,
  };
}

/** Sends several messages as one. */
export function together(connection: Wire, send: () => void): void {
  connection.stream.cork();
  try {
    send();
  } finally {
    connection.stream.uncork();
  }
}

/** Calls back when the server is ready again after an error, or the connection is gone. */
export function whenReady(connection: Wire, callback: () => void): void {
  if (connection.stream.destroyed) return callback();
  const ready = (): void => {
    connection.off('readyForQuery', ready).off('end', ready);
    callback();
  };
  connection.once('readyForQuery', ready).once('end', ready);
}
