/** A time zone. */
export interface Zone {
  /** `Europe/Paris`, `UTC`; empty for an offset. */
  readonly [zoneName]: string;
  /** Seconds east of UTC at an instant, in seconds since 1970. */
  readonly [offsetAt]: (seconds: number) => number;
}

// Symbols, because an expression addresses strings: it reaches none of the fields.
export const zoneName = Symbol('name');
export const offsetAt = Symbol('offset');

export const utc = fixedZone('UTC', 0);

/** A zone with one offset for ever. */
export function fixedZone(name: string, offset: number): Zone {
  return { [zoneName]: name, [offsetAt]: () => offset };
}

/** Finds a zone of the IANA database, such as `Europe/Paris`; `undefined`: there is none. */
export function namedZone(name: string): Zone | undefined {
  if (name === 'UTC' || name === '') return utc;
  const format = formatFor(name);
  return format && { [zoneName]: name, [offsetAt]: (seconds) => offsetIn(format, seconds) };
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

function offsetIn(format: Intl.DateTimeFormat, seconds: number): number {
  const parts = format.formatToParts(seconds * 1000);
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (match === null) return 0;
  const [, sign, hours, minutes, rest = 0] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(rest));
}

/** Gives the offset of a clock in this zone that shows so many seconds since 1970. */
export function offsetOfLocal(zone: Zone, seconds: number): number {
  const guess = zone[offsetAt](seconds);
  return zone[offsetAt](seconds - guess);
}

const hour = 3600;

/** The names that RFC 822 gives to zones: all others say different things in different places. */
export const abbreviations: ReadonlyMap<string, number> = new Map([
  ['UTC', 0],
  ['UT', 0],
  ['GMT', 0],
  ['EST', -5 * hour],
  ['EDT', -4 * hour],
  ['CST', -6 * hour],
  ['CDT', -5 * hour],
  ['MST', -7 * hour],
  ['MDT', -6 * hour],
  ['PST', -8 * hour],
  ['PDT', -7 * hour],
]);
