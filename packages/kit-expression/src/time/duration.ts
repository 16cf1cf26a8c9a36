/** A length of time. */
export interface Duration {
  readonly [span]: bigint;
}

/** Nanoseconds. A symbol, because an expression addresses strings. */
export const span = Symbol('span');

export function durationOf(nanoseconds: bigint): Duration {
  return { [span]: nanoseconds };
}

/** Nanoseconds of each unit. */
export const units = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
} as const;

const part = /(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<unit>h|ms|m|s|us|µs|μs|ns)/y;

/** Reads a length of time, such as `1h30m`, `-1.5s` or `0`. */
export function parseDuration(text: string): Duration | undefined {
  const start = /^[-+]/.test(text) ? 1 : 0;
  if (text.slice(start) === '0') return durationOf(0n);

  let total = 0n;
  let at = start;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    const { whole = '', fraction = '', unit = 's' } = match?.groups ?? {};
    const isNumber = (whole !== '' || fraction !== '') && part.lastIndex - at <= 40;
    if (match === null || !isNumber) return undefined;
    const size = units[unit as keyof typeof units];
    total += BigInt(whole) * size + (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
    at = part.lastIndex;
  }
  return at > start ? durationOf(text.startsWith('-') ? -total : total) : undefined;
}

/** Writes a length of time, such as `1h30m0s` or `1.5ms`. */
export function durationText({ [span]: value }: Duration): string {
  if (value === 0n) return '0s';
  const size = value < 0n ? -value : value;
  const sign = value < 0n ? '-' : '';
  if (size < units.us) return `${sign}${size}ns`;
  if (size < units.ms) return `${sign}${decimal(size, units.us)}µs`;
  if (size < units.s) return `${sign}${decimal(size, units.ms)}ms`;

  const hours = size / units.h;
  const minutes = (size % units.h) / units.m;
  const seconds = `${decimal(size % units.m, units.s)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function decimal(size: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(size % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(size / unit) : `${size / unit}.${fraction}`;
}
