import type { Json } from '@cannectors/core';
import type { Kind } from './watermark.ts';

/** A point in time with every digit that the source gave. */
export interface Instant {
  /** Seconds since 1970, whole. */
  readonly seconds: number;
  /** Digits behind the decimal point, without zeros at the end. */
  readonly fraction: string;
  /** RFC 3339. */
  readonly text: string;
}

export const instants: Kind<Instant> = {
  name: 'timestamp',
  parse: instantOf,
  compare: compareInstants,
  warn(log, field, missing) {
    log.warn('failed to parse timestamp for state persistence', { field, records: missing });
  },
};

const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,30}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$/;
const epoch = /^-?\d{9,15}(?:\.\d+)?$/;

/**
 * Reads a date: RFC 3339, `2026-04-21`, a date and time without a zone (UTC), or seconds or
 * milliseconds since 1970, from 10^11 on the latter. `undefined` for anything else.
 */
export function instantOf(value: Json | undefined): Instant | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return fromEpoch(String(value));
  if (typeof value !== 'string') return undefined;
  return epoch.test(value) ? fromEpoch(value) : fromText(value);
}

/** Compares two instants: negative, zero or positive, as in a sort. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  return a.fraction < b.fraction ? -1 : Number(a.fraction > b.fraction);
}

/** Goes back by `ms`, keeping the digits beyond the milliseconds. The text is in UTC then. */
export function before(instant: Instant, ms: number): Instant {
  if (ms === 0) return instant;
  const millis = Number(instant.fraction.slice(0, 3).padEnd(3, '0'));
  const date = new Date(instant.seconds * 1000 + millis - ms);
  const digits = date.toISOString().slice(20, 23) + instant.fraction.slice(3);
  return instantAt(Math.floor(date.getTime() / 1000), digits.replace(/0+$/, ''));
}

function fromText(text: string): Instant | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', digits = ''] = match;
  const [, , , , , , , , , sign, zoneHour = '00', zoneMinute = '00'] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  if (!isReal || Number(second) > 60 || Number(zoneHour) > 23 || Number(zoneMinute) > 59) {
    return undefined;
  }
  const zone = sign === undefined ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`;
  const east = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60 * (sign === '-' ? -1 : 1);
  const decimals = digits === '' ? '' : `.${digits}`;
  return {
    seconds: date.getTime() / 1000 + Number(second) - east,
    fraction: digits.replace(/0+$/, ''),
    text: `${year}-${month}-${day}T${hour}:${minute}:${second}${decimals}${zone}`,
  };
}

function fromEpoch(text: string): Instant | undefined {
  const [whole = '', digits = ''] = text.split('.');
  const number = Number(whole);
  // A year of four digits, which is all that RFC 3339 knows.
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(digits) || number > 253_402_300_799_999) {
    return undefined;
  }
  if (number < 1e11) return instantAt(number, digits);
  const millis = String(number % 1000).padStart(3, '0');
  const isWhole = millis === '000' && digits === '';
  return instantAt(Math.floor(number / 1000), isWhole ? '' : millis + digits);
}

function instantAt(seconds: number, digits: string): Instant {
  const decimals = digits === '' ? '' : `.${digits}`;
  const text = `${new Date(seconds * 1000).toISOString().slice(0, 19)}${decimals}Z`;
  return { seconds, fraction: digits.replace(/0+$/, ''), text };
}
