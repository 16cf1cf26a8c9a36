import type { Json } from '@cannectors/core';
import { jsonText } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { notBase64 } from '../../faults.ts';
import { errors, serverError } from './client.ts';
import { integerParameter } from './parameters.ts';
import type { TableColumn } from './table.ts';

/** Gives a value of a record the form in which its column takes it. */
export type Cell = (value: Json) => unknown;

/**
 * Compiles how values are written into a column. What the server would change in silence is an error:
 * a fraction for an integer, a number for a place in an `ENUM`.
 */
export function cellOf(column: TableColumn, binary: ValueOptions['binary']): Cell {
  const make = makers[column.type] ?? text;
  return make(column, binary);
}

type Maker = (column: TableColumn, binary: ValueOptions['binary']) => Cell;

const text: Maker = () => (value) => textCell(value);
const integer: Maker =
  ({ name }) =>
  (value) =>
    integerCell(value, name);
const number: Maker = () => (value) => numberCell(value);
const instant: Maker = () => (value) =>
  typeof value === 'string' ? serverInstant(value) : textCell(value);
const date: Maker = () => (value) =>
  typeof value === 'string' ? serverDate(value) : textCell(value);
const bytes: Maker = (_, binary) => (value) => bytesCell(value, binary);
const member: Maker =
  ({ name, members }) =>
  (value) =>
    memberCell(value, members, name);

/** By the type of the column. The others take texts. */
const makers: Readonly<Record<string, Maker>> = {
  tinyint: integer,
  smallint: integer,
  mediumint: integer,
  int: integer,
  bigint: integer,
  bit:
    ({ name }) =>
    (value) =>
      bitCell(value, name),
  float: number,
  double: number,
  decimal: number,
  year: number,
  datetime: instant,
  timestamp: instant,
  date,
  binary: bytes,
  varbinary: bytes,
  tinyblob: bytes,
  blob: bytes,
  mediumblob: bytes,
  longblob: bytes,
  enum: member,
  set: member,
};

function textCell(value: Json): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** The server makes of a double the shortest decimal that it stands for, as we would. */
function numberCell(value: Json): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? value : textCell(value);
}

/** Doubles hold every safe integer, and are sent with the least work. */
function integerCell(value: Json, column: string): unknown {
  if (value === null || typeof value === 'boolean' || Number.isSafeInteger(value)) return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return value;
  if (typeof value === 'number' && Number.isInteger(value)) return String(BigInt(value));
  throw wrong(column);
}

/** A text would be stored as its bytes. */
function bitCell(value: Json, column: string): unknown {
  const whole = integerCell(value, column);
  return typeof whole === 'string' ? integerParameter(BigInt(whole)) : whole;
}

/** Digits that are no member would be taken for its place, or for bits of a set. */
function memberCell(value: Json, members: readonly string[], column: string): string | null {
  const text = textCell(value);
  if (text === null || !/^\s*[+-]?[\d.]+/.test(text) || members.includes(text)) return text;
  if (text.split(',').every((part) => members.includes(part))) return text;
  throw wrong(column);
}

const rfc3339 = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** RFC 3339 becomes the text of the server in UTC, the zone of the session. Other texts stay. */
function serverInstant(text: string): string {
  if (!rfc3339.test(text)) return text;
  if (/z$/i.test(text)) return text.slice(0, -1);
  const moved = new Date(text);
  if (Number.isNaN(moved.getTime()) || !isDay(text.slice(0, 10))) return text;
  return moved.toISOString().slice(0, 19) + (rfc3339.exec(text)?.[1] ?? '');
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** The day as it is written. */
function serverDate(text: string): string {
  return rfc3339.test(text) ? text.slice(0, 10) : text;
}

function bytesCell(value: Json, binary: ValueOptions['binary']): Buffer | null {
  const text = textCell(value);
  if (text === null) return null;
  if (binary === 'text') return Buffer.from(text, 'utf8');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw notBase64();
  }
  return Buffer.from(text, 'base64');
}

/** Says what the server says of a value that it does not know. */
function wrong(column: string): Error {
  return serverError(errors.wrongValue, '22007', `Incorrect value for column '${column}'`);
}
