import mysql from 'mysql2';
import type { SqlValue } from '../../database.ts';
import { errors, serverError } from './client.ts';

const { LONGLONG } = mysql.TypedParameter;
const maxSigned = 2n ** 63n - 1n;
const maxUnsigned = 2n ** 64n - 1n;

/**
 * Gives a value of a placeholder the type that it is sent with. Whole numbers are integers, so that
 * they can stand behind `LIMIT` and stay whole in JSON functions.
 */
export function parameter(value: SqlValue): unknown {
  if (typeof value === 'bigint') return integerParameter(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? LONGLONG(value) : value;
}

/** An integer beyond 64 bits goes as text: the server reads it as a decimal. */
export function integerParameter(value: bigint): unknown {
  if (value >= -maxSigned - 1n && value <= maxSigned) return LONGLONG(value);
  return value > 0n && value <= maxUnsigned ? LONGLONG.unsigned(value) : String(value);
}

/** What a statement needs beside its values, for each of them: type, length, a bit for NULL. */
const overhead = 16;

/** Bytes that a value has at most: three for each unit of UTF-16. */
export function sizeBound(value: unknown): number {
  if (typeof value === 'string') return overhead + value.length * 3;
  return Buffer.isBuffer(value) ? overhead + value.length : overhead;
}

/** The server ends the connection when a statement is too large: it never gets one. */
export function checkSize(sql: string, values: readonly unknown[], maxPacket: number): void {
  let bound = sizeBound(sql);
  for (const value of values) bound += sizeBound(value);
  if (bound <= maxPacket) return;
  let size = Buffer.byteLength(sql);
  for (const value of values) {
    size += typeof value === 'string' ? overhead + Buffer.byteLength(value) : sizeBound(value);
  }
  if (size <= maxPacket) return;
  throw serverError(
    errors.packetTooLarge,
    '08S01',
    `The statement has ${size} bytes with its values, the server takes ${maxPacket} (max_allowed_packet)`,
  );
}
