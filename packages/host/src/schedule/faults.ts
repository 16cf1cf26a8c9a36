import { Fault } from '@cannectors/core';

/** The `schedule` of an input cannot be read. */
export function badCron(text: string, expected: string): Fault {
  return new Fault('schedule.bad-cron', `Invalid CRON expression "${text}": ${expected}.`, {
    category: 'validation',
    hint: 'Write 5 fields as in `*/15 * * * *`, or `@hourly`, or `@every 90s`.',
    pointer: '/schedule',
  });
}

/** The time zone of a schedule is not known. */
export function badTimezone(zone: string): Fault {
  return new Fault('schedule.bad-timezone', `The time zone \`${zone}\` is not known.`, {
    category: 'validation',
    hint: 'Write it as in `Europe/Paris` or `UTC`.',
    pointer: '/schedule',
  });
}

/** No date fits the schedule: the 31st of February. */
export function neverDue(text: string): Fault {
  return new Fault('schedule.never', `No date fits the schedule "${text}".`, {
    category: 'validation',
    hint: 'Correct the day or the month.',
    pointer: '/schedule',
  });
}

/** An input that never ends has a schedule. */
export function endlessSchedule(type: string): Fault {
  return new Fault(
    'schedule.endless-input',
    `The input \`${type}\` never ends, so it has no schedule.`,
    {
      category: 'validation',
      hint: 'Remove `schedule`.',
      pointer: '/schedule',
    },
  );
}
