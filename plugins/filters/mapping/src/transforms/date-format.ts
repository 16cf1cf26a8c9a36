import { type Civil, type DateLayout, dateLayout, exists } from '@cannectors/kit-expression/dates';
import { transformFailed } from '../faults.ts';
import type { Change } from './transformer.ts';

const byDefault = 'YYYY-MM-DDTHH:mm:ss';

/**
 * Writes a date in another way.
 *
 * @param format tokens such as `YYYY`, or the reference date, or both
 */
export function dateFormat(format: string = byDefault): Change {
  const output = dateLayout(withoutTokens(format));
  return (value) => (typeof value === 'string' ? output.format(dateOf(value)) : value);
}

/** What each token is in the layout of the reference date. */
const tokens = new Map([
  ['YYYY', '2006'],
  ['YY', '06'],
  ['MM', '01'],
  ['DD', '02'],
  ['HH', '15'],
  ['mm', '04'],
  ['ss', '05'],
  ['.SSS', '.000'],
  [',SSS', ',000'],
]);

function withoutTokens(format: string): string {
  return format.replaceAll(
    /YYYY|YY|MM|DD|HH|mm|ss|[.,]SSS/g,
    (token) => tokens.get(token) ?? token,
  );
}

let rfc1123: DateLayout | undefined;

function dateOf(text: string): Civil {
  rfc1123 ??= dateLayout('Mon, 02 Jan 2006 15:04:05 MST'); // Most mappings hold no date.
  const civil = isoDate(text) ?? rfc1123.parse(text);
  if (civil !== undefined) return civil;
  throw transformFailed('dateFormat', `could not parse date: ${text}`);
}

/** RFC 3339, the same without a zone, or a day alone. */
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):([0-5]\d))?)?$/;

function isoDate(text: string): Civil | undefined {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', sign, ...zone] =
    match;
  const [hours = 0, minutes = 0] = zone.map(Number);
  const offset = sign === undefined ? 0 : (hours * 60 + minutes) * (sign === '-' ? -60 : 60);
  const civil = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    nanosecond: Number(fraction.slice(0, 9).padEnd(9, '0')),
    offset,
    zone: offset === 0 ? 'UTC' : '',
  };
  return exists(civil) ? civil : undefined;
}
