import type { JsonRecord } from '@cannectors/core';
import { recordPath } from '@cannectors/kit-record';
import type { Config } from './config.ts';

/** Windows of one length, one after the other. Times are milliseconds since 1970. */
export interface Windows {
  readonly sizeMs: number;
  /** Where the window of a record begins; `undefined`: the record does not say when it happened. */
  startOf(record: JsonRecord): number | undefined;
  /** A record was taken. */
  saw(record: JsonRecord): void;
  /** Windows that begin here or earlier are over. */
  overUntil(): number;
  /** How long it takes by the clock until the window that begins here is over; Infinity: nobody knows. */
  restMs(start: number): number;
  /** Forgets what it saw. */
  reset(): void;
}

/** @param now the clock: milliseconds since 1970 */
export function windowsOf(
  { sizeMs, field, waitMs }: NonNullable<Config['window']>,
  now: () => number,
): Windows {
  const startAt = (time: number): number => Math.floor(time / sizeMs) * sizeMs;
  if (field === undefined) {
    return {
      sizeMs,
      startOf: () => startAt(now()),
      saw() {},
      overUntil: () => now() - sizeMs - waitMs,
      restMs: (start) => start + sizeMs + waitMs - now(),
      reset() {},
    };
  }

  const path = recordPath(field, '/window/field');
  let newest = -Infinity;
  return {
    sizeMs,
    startOf(record) {
      const time = timeOf(path.get(record));
      return time === undefined ? undefined : startAt(time);
    },
    saw: (record) => void (newest = Math.max(newest, timeOf(path.get(record)) ?? -Infinity)),
    overUntil: () => newest - sizeMs - waitMs,
    restMs: () => Infinity,
    reset: () => void (newest = -Infinity),
  };
}

const dates = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?)?$/;
/** The years that `Date` can write. */
const latest = 8.64e15;

/** RFC 3339, and what is near it; without an offset it is UTC. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' && Math.abs(value) <= latest) return value;
  const match = typeof value === 'string' ? dates.exec(value) : null;
  if (match === null) return undefined;
  const text = match[0].toUpperCase().replace(' ', 'T');
  const time = Date.parse(text.length > 10 && match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}
