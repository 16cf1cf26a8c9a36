import { Buffer } from 'node:buffer';
import type { Json } from '@cannectors/core';
import type { ValueOptions } from '../../database.ts';

/** Object identifiers of types, as the catalog `pg_type` has them. */
export const types = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
} as const;

/** Turns the server's text of a value into JSON. */
export type Decode = (text: string) => Json;

/**
 * Gives the decoder of a type. `undefined`: the server's text is the value, as of numeric, json, uuid,
 * arrays, enums and all types that are not known here.
 *
 * @see spec/connectors/database.md, section 7
 */
export function decoderOf(type: number, options: ValueOptions): Decode | undefined {
  switch (type) {
    case types.bool:
      return (text) => text === 't';
    case types.int2:
    case types.int4:
    case types.oid:
      return Number;
    case types.int8:
      return int8Decoders[options.int64];
    case types.float4:
    case types.float8:
      return float;
    case types.bytea:
      return options.binary === 'base64'
        ? (text) => bytesOf(text).toString('base64')
        : (text) => bytesOf(text).toString('utf8');
    case types.date:
      return (text) => (isPlainDate(text) ? `${text}T00:00:00Z` : text);
    case types.timestamp:
      return (text) => (isPlainDate(text) ? `${text.slice(0, 10)}T${text.slice(11)}Z` : text);
    case types.timestamptz:
      return instant;
    default:
      return undefined;
  }
}

/** The type holds whole numbers, also for `%` of expressions. */
export function isInteger(type: number): boolean {
  return type === types.int8 || type === types.int4 || type === types.int2 || type === types.oid;
}

/** The type holds dates or instants, which become RFC 3339. */
export function isInstant(type: number): boolean {
  return type === types.date || type === types.timestamp || type === types.timestamptz;
}

const int8Decoders: Readonly<Record<ValueOptions['int64'], Decode>> = {
  exact: (text) => safeNumber(text) ?? BigInt(text),
  string: (text) => safeNumber(text) ?? text,
  number: Number,
};

function safeNumber(text: string): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** JSON has no number for `NaN` and `Infinity`: they stay texts, which the server takes back. */
function float(text: string): Json {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** Both of the server's forms: `\x` with hexadecimal digits, and the older one with escapes. */
function bytesOf(text: string): Buffer {
  if (text.startsWith(String.raw`\x`)) return Buffer.from(text.slice(2), 'hex');
  const octets = text.replace(/\\(\\|[0-7]{3})/g, (_, code: string) =>
    code === '\\' ? code : String.fromCharCode(Number.parseInt(code, 8)),
  );
  return Buffer.from(octets, 'latin1');
}

/**
 * RFC 3339 has years from 0000 to 9999, and nothing for `infinity`. What does not fit stays as the server
 * writes it, and takes it back: `0044-03-15 BC`, `infinity`.
 */
function isPlainDate(text: string): boolean {
  return text.charCodeAt(4) === dash && !text.endsWith('C');
}

const dash = 0x2d;

const withOffset =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/** `2026-07-26 12:00:00.5+02` → `2026-07-26T10:00:00.5Z`, whatever the zone of the session is. */
function instant(text: string): string {
  if (!isPlainDate(text)) return text;
  if (text.endsWith('+00')) return `${text.slice(0, 10)}T${text.slice(11, -3)}Z`;
  const [, date, time, fraction = '', sign, hours, minutes = 0, seconds = 0] =
    withOffset.exec(text) ?? [];
  if (date === undefined) return text;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const local = Date.parse(`${date}T${time}Z`);
  const utc = new Date(local - (sign === '-' ? -offset : offset) * 1000).toISOString();
  // The shift may lead out of the years that have four digits.
  return utc.length === 24 ? `${utc.slice(0, 19)}${fraction}Z` : text;
}
