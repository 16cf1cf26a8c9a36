import { badCron } from './faults.ts';

/** When a schedule falls due: a pattern in a time zone, or a period. */
export type Ticks =
  | {
      /** Six fields of numbers, seconds first: what every cron library reads alike. */
      readonly pattern: string;
      /** As in `Europe/Paris`; absent: the zone of the host. */
      readonly timezone?: string;
    }
  | { readonly everyMs: number };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of week', min: 0, max: 6, names: days },
];

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads a cron text: 5 fields, or 6 with seconds first; names, lists, ranges, steps, `?` as `*`;
 * descriptors, `@every 1m30s`; `TZ=` or `CRON_TZ=` in front.
 *
 * @throws `schedule.bad-cron`
 * @see spec/connectors/execution.md, section 8
 */
export function ticks(text: string): Ticks {
  const [, zone, rest = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec(text.trim()) ?? [];
  const every = /^@every\s+(\S+)$/.exec(rest)?.[1];
  if (every !== undefined) return { everyMs: periodMs(every, text) };

  const spelled = rest.startsWith('@') ? descriptors[rest] : rest;
  if (spelled === undefined) {
    throw badCron(text, `\`${rest}\` is none of ${Object.keys(descriptors).join(', ')}, @every`);
  }
  const parts = spelled.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    throw badCron(text, 'it has 5 fields, or 6 with seconds first');
  }
  const six = parts.length === 6 ? parts : ['0', ...parts];
  const pattern = fields.map((field, index) => valuesOf(six[index] ?? '', field, text)).join(' ');
  return { pattern, ...(zone !== undefined && { timezone: zone }) };
}

/** `*`, or the values of a field one by one. */
function valuesOf(source: string, field: Field, text: string): string {
  const values = new Set<number>();
  for (const part of source.split(',')) {
    const [, range = '', step] = /^([^/]*)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from, to] = boundsOf(range, field, step !== undefined, text);
    const by = Number(step ?? 1);
    if (by === 0) throw badCron(text, `the step of the ${field.name} is 1 or more`);
    // Only a bare `*` leaves the other day field alone to decide.
    if (/^[*?]$/.test(range) && by === 1) return '*';
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return [...values].toSorted((a, b) => a - b).join(',');
}

function boundsOf(range: string, field: Field, hasStep: boolean, text: string): [number, number] {
  if (range === '*' || range === '?') return [field.min, field.max];
  const [first = '', last, ...more] = range.split('-');
  const from = valueOf(first, field, text);
  // `5/15` is every 15 from 5 on.
  const open = hasStep ? field.max : from;
  const to = last === undefined ? open : valueOf(last, field, text);
  if (more.length > 0 || from > to) {
    throw badCron(text, `\`${range}\` is no range of the ${field.name}, first to last`);
  }
  return [from, to];
}

function valueOf(source: string, { name, min, max, names = [] }: Field, text: string): number {
  const named = names.indexOf(source.toLowerCase());
  const number = /^\d+$/.test(source) ? Number(source) : Number.NaN;
  const value = named === -1 ? number : named + min;
  if (value >= min && value <= max) return value;
  throw badCron(text, `the ${name} is ${min} to ${max}, and \`${source}\` is not`);
}

/** `1m30s`, `2h`, `1.5h`, in whole seconds, one at least. */
function periodMs(source: string, text: string): number {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(source)) {
    throw badCron(text, '`@every` takes a duration, as in `@every 1m30s`');
  }
  let sum = 0;
  for (const [, amount, unit = ''] of source.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    sum += Number(amount) * (units[unit] ?? 0);
  }
  if (sum <= 0) throw badCron(text, 'the duration is more than zero');
  return Math.max(1, Math.floor(sum / 1000)) * 1000;
}
