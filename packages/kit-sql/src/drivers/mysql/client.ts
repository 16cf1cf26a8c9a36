/** What this driver uses of `mysql2`, so that the kit compiles without it. */
export interface Connection {
  query(options: Asked): Answer;
  execute(options: Asked): Answer;
  prepare(sql: string, done: (error: Error | null, statement?: Prepared) => void): void;
  pause(): void;
  resume(): void;
  destroy(): void;
  on(event: 'error', listener: (error: Error) => void): this;
  once(event: 'connect', listener: () => void): this;
  /** The socket. */
  readonly stream: { destroy(): void };
}

export interface Asked {
  readonly sql: string;
  readonly values?: readonly unknown[];
}

/** The answer to a statement, as it comes in. */
export interface Answer {
  /** The columns of a result set; nothing for a statement without rows. */
  on(event: 'fields', listener: (fields: readonly Field[] | undefined) => void): this;
  on(event: 'result', listener: (row: Row | Done) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end', listener: () => void): this;
}

export interface Prepared {
  readonly columns: readonly Field[];
}

export interface Field {
  readonly name: string;
  /** One of `types`. */
  readonly columnType: number;
  readonly characterSet: number;
  /** Digits behind the point. */
  readonly decimals: number;
}

export type Row = Record<string, unknown>;

/** What the server says at the end of a statement without rows. */
export interface Done {
  readonly affectedRows: number;
  /** Bits, `inTransaction` among them. */
  readonly serverStatus: number;
}

/** Bit of `serverStatus`: a transaction is open. */
export const inTransaction = 1;

/** Numbers that the protocol has for the types of columns. */
export const types = {
  tiny: 0x01,
  short: 0x02,
  long: 0x03,
  float: 0x04,
  timestamp: 0x07,
  longLong: 0x08,
  int24: 0x09,
  date: 0x0a,
  time: 0x0b,
  dateTime: 0x0c,
  year: 0x0d,
  varChar: 0x0f,
  bit: 0x10,
  vector: 0xf2,
  /** The first of those for texts and bytes; `geometry` is the last. */
  tinyBlob: 0xf9,
  geometry: 0xff,
} as const;

/** Errors of the server that this driver knows, by number. */
export const errors = {
  unknownColumn: 1054,
  duplicateEntry: 1062,
  noSuchTable: 1146,
  packetTooLarge: 1153,
  lockWait: 1205,
  deadlock: 1213,
  wrongValue: 1292,
  notPreparable: 1295,
} as const;

/** An error in the form of those that the server sends. */
export function serverError(errno: number, sqlState: string, message: string): Error {
  return Object.assign(new Error(message), { errno, sqlState });
}

/** The number of an error of the server. */
export function numberOf(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number'
    ? error.errno
    : undefined;
}
