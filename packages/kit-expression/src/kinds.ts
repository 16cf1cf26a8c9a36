import { type Duration, span } from './time/duration.ts';
import { instant, type Moment } from './time/moment.ts';
import { type Zone, zoneName } from './time/zone.ts';

/** The kinds of values, as `type()` names them and messages show them. */
export type Kind =
  | 'nil'
  | 'bool'
  | 'int'
  | 'float'
  | 'string'
  | 'array'
  | 'map'
  | 'date'
  | 'duration'
  | 'timezone';

export function kindOf(value: unknown): Kind {
  if (value == null) return 'nil';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'array';
  if (isMoment(value)) return 'date';
  if (isDuration(value)) return 'duration';
  return isZone(value) ? 'timezone' : 'map';
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return kindOf(value) === 'map';
}

export function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && instant in value;
}

export function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null && span in value;
}

export function isZone(value: unknown): value is Zone {
  return typeof value === 'object' && value !== null && zoneName in value;
}

/** Numbers that every expression makes: nothing is allocated for them. */
const small = Array.from({ length: 1024 }, (_, index) => BigInt(index));

/** Makes an integer of a whole number. */
export function integer(value: number): bigint {
  return small[value] ?? BigInt(value);
}

/** Gives the number of an integer or a double, `undefined` for any other value. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : undefined;
}
