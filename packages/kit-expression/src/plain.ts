import type { Json } from '@cannectors/core';
import { type Frame, spend, spendText } from './code.ts';
import { isDuration, isMoment, isZone } from './kinds.ts';
import { durationText } from './time/duration.ts';
import { momentText } from './time/moment.ts';
import { zoneName } from './time/zone.ts';

/**
 * Gives what leaves an expression: JSON.
 *
 * Integers become numbers where no digit is lost, nil becomes null, dates and durations text.
 * What holds nothing of that kind stays the object that it is.
 */
export function plainOf(value: unknown, frame: Frame): Json {
  if (typeof value === 'object' && value !== null) return plainObject(value, frame);
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (typeof value === 'string') spendText(frame, value);
  const isScalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? value : null;
}

function isSafe(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
}

function plainObject(value: object, frame: Frame): Json {
  if (isMoment(value)) return momentText(value);
  if (isDuration(value)) return durationText(value);
  if (isZone(value)) return value[zoneName];
  return Array.isArray(value) ? plainList(value, frame) : plainMap(value, frame);
}

function plainList(list: readonly unknown[], frame: Frame): Json {
  spend(frame, list.length);
  let copy: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    const plain = plainOf(item, frame);
    if (plain !== item) copy ??= list.slice() as Json[];
    if (copy !== undefined) copy[index] = plain;
  }
  return copy ?? (list as Json[]);
}

function plainMap(map: object, frame: Frame): Json {
  const entries = Object.entries(map);
  spend(frame, entries.length);
  let isChanged = Object.getPrototypeOf(map) === null;
  const plain = entries.map(([key, value]): [string, Json] => {
    const inner = plainOf(value, frame);
    isChanged ||= inner !== value;
    return [key, inner];
  });
  return isChanged ? Object.fromEntries(plain) : (map as Json);
}
