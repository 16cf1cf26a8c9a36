import type { Json, JsonRecord } from '@cannectors/core';
import { markIntegers } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { type Field, type Row, types } from './client.ts';

/** What rows of one result need before they are records. */
export interface Columns {
  /** Those that hold instants. */
  readonly instants: readonly string[];
  /** Changes the values in place. */
  record(row: Row): JsonRecord;
}

export interface Reading extends ValueOptions {
  /** Dates and instants become RFC 3339, in UTC. */
  readonly parseTime: boolean;
}

/**
 * Compiles what the columns of a result need.
 *
 * @see spec/connectors/database.md, section 7
 */
export function columnsOf(fields: readonly Field[], reading: Reading): Columns {
  const conversions = fields.flatMap((field) => {
    const convert = conversionOf(field, reading);
    return convert === undefined ? [] : [{ name: field.name, convert }];
  });
  const integers = new Set(fields.filter(isInteger).map(({ name }) => name));

  return {
    instants: reading.parseTime ? fields.filter(isInstant).map(({ name }) => name) : [],
    record(row) {
      for (const { name, convert } of conversions) {
        const value = row[name];
        if (value !== null) row[name] = convert(value);
      }
      const record = row as JsonRecord;
      if (integers.size > 0) markIntegers(record, integers);
      return record;
    },
  };
}

/** Four bytes have a text of six digits only, so that the text protocol would lose some. */
export function isFloat({ columnType }: Field): boolean {
  return columnType === types.float;
}

type Conversion = (value: unknown) => Json;

/** `undefined`: the value is good as it comes. */
function conversionOf(field: Field, { parseTime, ...values }: Reading): Conversion | undefined {
  switch (field.columnType) {
    case types.float:
      return (value) => shortestFloat(Number(value));
    case types.longLong:
      return (value) => integer(value, values.int64);
    case types.bit:
      return (value) => integer(BigInt(`0x${(value as Buffer).toString('hex')}`), values.int64);
    case types.date:
      return parseTime ? (value) => rfcDate(String(value)) : undefined;
    case types.dateTime:
    case types.timestamp:
      return parseTime
        ? (value) => rfcInstant(String(value))
        : (value) => padded(String(value), field.decimals);
    case types.time:
      return (value) => padded(String(value), field.decimals);
    case types.geometry:
    case types.vector:
      return (value) => JSON.stringify(value);
    default:
      return isBytes(field) ? (value) => bytes(value as Buffer, values.binary) : undefined;
  }
}

/** Texts have another character set. */
function isBytes({ columnType, characterSet }: Field): boolean {
  const isText = columnType === types.varChar || columnType >= types.tinyBlob;
  return isText && characterSet === binaryCharset;
}

/** The number that the protocol has for no character set at all. */
const binaryCharset = 63;

function isInteger({ columnType }: Field): boolean {
  return integerTypes.has(columnType);
}

const integerTypes: ReadonlySet<number> = new Set([
  types.tiny,
  types.short,
  types.long,
  types.longLong,
  types.int24,
  types.year,
  types.bit,
]);

function isInstant({ columnType }: Field): boolean {
  return (
    columnType === types.date || columnType === types.dateTime || columnType === types.timestamp
  );
}

/** The library gives text where a number would lose digits. */
function integer(value: unknown, int64: ValueOptions['int64']): Json {
  if (typeof value === 'number') return value;
  const exact = BigInt(value as string | bigint);
  const rounded = Number(exact);
  if (int64 === 'number' || Number.isSafeInteger(rounded)) return rounded;
  return int64 === 'string' ? String(exact) : exact;
}

/** The shortest number that becomes the same four bytes: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function bytes(value: Buffer, binary: ValueOptions['binary']): string {
  return value.toString(binary === 'base64' ? 'base64' : 'utf8');
}

/** `0000-00-00`, which MySQL may hold, is no date. */
const zeroDate = '0000-00-00';

function rfcDate(text: string): string {
  return text.startsWith(zeroDate) ? text : `${text}T00:00:00Z`;
}

function rfcInstant(text: string): string {
  if (text.startsWith(zeroDate)) return text;
  const date = `${text.slice(0, 10)}T`;
  if (text.length <= 19) return `${date + text.slice(11)}Z`;
  let end = text.length;
  while (text.charCodeAt(end - 1) === zero) end--;
  return `${date + text.slice(11, end === 20 ? 19 : end)}Z`;
}

const zero = 48;

/** Prepared statements leave out a fraction of zeros, the text of the server has it. */
function padded(text: string, decimals: number): string {
  if (decimals === 0 || decimals > 6) return text;
  const point = text.lastIndexOf('.');
  return point === -1 ? `${text}.${'0'.repeat(decimals)}` : text.padEnd(point + 1 + decimals, '0');
}
