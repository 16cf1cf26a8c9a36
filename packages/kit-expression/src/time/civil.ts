/** A date and a time of day, as a clock at some place shows them. */
export interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** Short name of the zone, such as `UTC`; empty where it has none. */
  readonly zone: string;
}

const perSecond = 1_000_000_000n;

/** Tells whether there is such a day and such a time of day, in the years 0 to 9999. */
export function exists({ year, month, day, hour, minute, second }: Civil): boolean {
  return (
    year >= 0 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** Gives the instant, in nanoseconds since 1970. A day beyond the end of its month runs on. */
export function instantOf(civil: Civil): bigint {
  const seconds = BigInt(secondsOf(civil) - civil.offset);
  return seconds * perSecond + BigInt(civil.nanosecond);
}

/** Seconds since 1970 on a clock that shows UTC. */
export function secondsOf({ year, month, day, hour, minute, second }: Civil): number {
  return dayNumber(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

function dayNumber(year: number, month: number, day: number): number {
  // `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}

/** Gives what a clock with this offset shows; `undefined` outside of the years 0 to 9999. */
export function civilAt(instant: bigint, offset: number, zone: string): Civil | undefined {
  const nanosecond = Number(((instant % perSecond) + perSecond) % perSecond);
  const seconds = Number((instant - BigInt(nanosecond)) / perSecond);
  const date = new Date((seconds + offset) * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return undefined;
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond,
    offset,
    zone,
  };
}

/** 0 is Sunday. */
export function weekday({ year, month, day }: Civil): number {
  return (((dayNumber(year, month, day) + 4) % 7) + 7) % 7;
}

/** 1 is the first of January. */
export function yearDay({ year, month, day }: Civil): number {
  return dayNumber(year, month, day) - dayNumber(year, 1, 1) + 1;
}
