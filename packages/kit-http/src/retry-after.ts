/**
 * Reads a `Retry-After` header.
 *
 * Returns milliseconds after `now`, never negative: a date that has passed is 0. `undefined` when the
 * value is absent, or is neither a whole number of seconds nor an HTTP date in one of its three forms.
 *
 * @see RFC 9110, sections 5.6.7 and 10.2.3
 */
export function retryAfterMs(value: string | undefined, now: Date): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const time = httpDate(text, now);
  return time === undefined ? undefined : Math.max(0, time - now.getTime());
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const imf = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const rfc850 = /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

function httpDate(text: string, now: Date): number | undefined {
  const standard = imf.exec(text) ?? rfc850.exec(text);
  if (standard !== null) {
    const [, day, month, year, ...time] = standard;
    return timeOf(fullYear(year, now), month, day, time);
  }
  const old = asctime.exec(text);
  if (old === null) return undefined;
  const [, month, day, hours = '', minutes = '', seconds = '', year] = old;
  return timeOf(Number(year), month, day, [hours, minutes, seconds]);
}

function timeOf(
  year: number,
  month: string | undefined,
  day: string | undefined,
  [hours, minutes, seconds]: readonly string[],
): number | undefined {
  const index = months.indexOf(month ?? '') / 3;
  if (!Number.isInteger(index) || index < 0) return undefined;
  return Date.UTC(year, index, Number(day), Number(hours), Number(minutes), Number(seconds));
}

/** Two digits that would be more than 50 years ahead are of the century before. */
function fullYear(year: string | undefined, now: Date): number {
  if (year?.length !== 2) return Number(year);
  const thisYear = now.getUTCFullYear();
  const ahead = thisYear - (thisYear % 100) + Number(year);
  return ahead > thisYear + 50 ? ahead - 100 : ahead;
}
