import type { Session, ValueOptions } from '../../database.ts';

/** What writing in bulk needs of its session. */
export interface Writing {
  readonly session: Pick<Session, 'command' | 'rows'>;
  readonly values: ValueOptions;
  /** Bytes that one statement may have, its values included. */
  readonly maxPacket: number;
  /** Runs a prepared statement with values as they are sent; they have to fit. */
  readonly execute: (
    sql: string,
    values: readonly unknown[],
    signal: AbortSignal,
  ) => Promise<unknown>;
}
