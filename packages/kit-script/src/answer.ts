import type { Json } from '@cannectors/core';
import { parseJson } from '@cannectors/kit-record';
import type { Line, Report, Trouble } from './messages.ts';

/** What a script made of some records of a job. */
export interface Answer {
  /** Position of the first record in the job. */
  readonly from: number;
  /** Position behind the last. */
  readonly next: number;
  readonly records: readonly Json[];
  readonly troubles: readonly Trouble[];
  readonly lines: readonly Line[];
  readonly hushed: number;
  readonly origins?: readonly number[];
}

const kinds = new Set(['thrown', 'type', 'endless-promise', 'timeout', 'output']);
const levels = new Set(['debug', 'info', 'warn', 'error']);

/**
 * Looks at an answer before anything is done with it: a script may have tampered with its own.
 *
 * @param first position of the first record that is still to be answered
 * @param count records of the job
 * @throws when it is not what the harness would have said, or its list cannot be parsed
 */
export function answerOf(
  report: Extract<Report, { is: 'answer' }>,
  text: string,
  first: number,
  count: number,
): Answer {
  const { from, next, troubles, lines, hushed, origins } = report;
  const records = parseJson(text);
  const isRight =
    from === first &&
    Number.isInteger(next) &&
    next > from &&
    next <= count &&
    Array.isArray(records) &&
    Array.isArray(troubles) &&
    troubles.every((one) => isTrouble(one, from, next)) &&
    Array.isArray(lines) &&
    lines.every(isLine) &&
    typeof hushed === 'number' &&
    (origins === undefined
      ? records.length === next - from
      : areOrigins(origins, records.length, count));
  if (!isRight) throw new TypeError('it is not what a script gives');
  return {
    from,
    next,
    records,
    troubles,
    lines,
    hushed,
    ...(origins !== undefined && { origins }),
  };
}

function isTrouble({ at, kind, text, stack = '' }: Trouble, from: number, next: number): boolean {
  const isPlace = Number.isInteger(at) && at >= from && at < next;
  return isPlace && kinds.has(kind) && typeof text === 'string' && typeof stack === 'string';
}

function isLine([level, text, at]: Line): boolean {
  return levels.has(level) && typeof text === 'string' && Number.isInteger(at);
}

function areOrigins(origins: readonly number[], length: number, count: number): boolean {
  const isPlace = (at: number): boolean => Number.isInteger(at) && at >= -1 && at < count;
  return Array.isArray(origins) && origins.length === length && origins.every(isPlace);
}
