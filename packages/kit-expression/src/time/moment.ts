import { type Civil, civilAt, instantOf, secondsOf } from './civil.ts';
import { type DateLayout, dateLayout } from './layout.ts';
import { fixedZone, offsetAt, offsetOfLocal, type Zone, zoneName } from './zone.ts';

/** A point in time, and the zone to show it in. */
export interface Moment {
  readonly [instant]: bigint;
  readonly [zone]: Zone;
}

/** Nanoseconds since 1970. Symbols, because an expression addresses strings. */
export const instant = Symbol('instant');
export const zone = Symbol('zone');

const perSecond = 1_000_000_000n;

export function momentOf(nanoseconds: bigint, shownIn: Zone): Moment {
  return { [instant]: nanoseconds, [zone]: shownIn };
}

/** Gives the moment when a clock shows this: the clock of its own offset, or one in a zone. */
export function momentAt(civil: Civil, inZone?: Zone): Moment {
  if (inZone === undefined) return momentOf(instantOf(civil), fixedZone(civil.zone, civil.offset));
  const offset = offsetOfLocal(inZone, secondsOf(civil));
  return momentOf(instantOf({ ...civil, offset }), inZone);
}

/** Gives what a clock shows; `undefined` outside of the years 0 to 9999. */
export function civilOf({ [instant]: at, [zone]: shownIn }: Moment): Civil | undefined {
  const offset = shownIn[offsetAt](Number(at / perSecond));
  const name = shownIn[zoneName];
  return civilAt(at, offset, name.includes('/') ? '' : name);
}

let rfc3339: DateLayout | undefined;

/** Writes a moment as RFC 3339 has it. */
export function momentText(moment: Moment): string {
  rfc3339 ??= dateLayout('2006-01-02T15:04:05.999999999Z07:00'); // Most expressions hold no date.
  const civil = civilOf(moment);
  return civil === undefined ? '' : rfc3339.format(civil);
}
