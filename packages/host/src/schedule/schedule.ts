import type { InputModule } from '@cannectors/config';
import { ticks } from './cron.ts';
import { badTimezone, neverDue } from './faults.ts';

/** A schedule that was read: it says when a run is due next. */
export interface Schedule {
  /** As it stands in the document. */
  readonly text: string;
  /** The first tick after an instant; `undefined` if there is none. */
  next(after: Date): Date | undefined;
}

/**
 * Reads the `schedule` and `timezone` of an input.
 *
 * @throws `schedule.bad-cron`, `schedule.bad-timezone`, `schedule.never`
 */
export async function schedule(
  text: string,
  timezone: InputModule['timezone'],
  now: Date,
): Promise<Schedule> {
  const read = ticks(text);
  const next = 'everyMs' in read ? periodic(read.everyMs) : await cron(read, timezone);
  if (next(now) === undefined) throw neverDue(text);
  return { text, next };
}

function periodic(everyMs: number): Schedule['next'] {
  return (after) => {
    const due = new Date(after.getTime() + everyMs);
    return Number.isNaN(due.getTime()) ? undefined : due;
  };
}

async function cron(
  read: { readonly pattern: string; readonly timezone?: string },
  timezone: string | undefined,
): Promise<Schedule['next']> {
  const zone = timezone ?? read.timezone;
  if (zone !== undefined && !isTimezone(zone)) throw badTimezone(zone);

  // Loaded here, so that a pipeline without a schedule does not pay for it.
  const { Cron } = await import('croner');
  const job = new Cron(read.pattern, {
    paused: true,
    mode: '6-part',
    ...(zone !== undefined && { timezone: zone }),
  });
  return (after) => job.nextRun(after) ?? undefined;
}

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
