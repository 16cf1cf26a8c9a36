import { describe, expect, it } from 'vitest';
import { ticks } from '../src/schedule/cron.ts';
import { schedule } from '../src/schedule/schedule.ts';

const from = new Date('2026-03-01T00:00:00Z');

async function next(text: string, count = 1, timezone: string | undefined = 'UTC', start = from) {
  const read = await schedule(text, timezone, start);
  const dates: string[] = [];
  let at: Date | undefined = start;
  for (let index = 0; index < count && at !== undefined; index++) {
    at = read.next(at);
    if (at !== undefined) dates.push(at.toISOString().replace('.000Z', 'Z'));
  }
  return dates;
}

describe('a schedule', () => {
  it.each([
    ['*/15 * * * *', ['2026-03-01T00:15:00Z', '2026-03-01T00:30:00Z']],
    ['30 * * * * *', ['2026-03-01T00:00:30Z', '2026-03-01T00:01:30Z']],
    ['0 9 * * MON-fri', ['2026-03-02T09:00:00Z', '2026-03-03T09:00:00Z']],
    ['0 0 1 jan,JUL *', ['2026-07-01T00:00:00Z', '2027-01-01T00:00:00Z']],
    ['0 0 ? * 0', ['2026-03-08T00:00:00Z', '2026-03-15T00:00:00Z']],
    ['5/20 * * * *', ['2026-03-01T00:05:00Z', '2026-03-01T00:25:00Z']],
    ['10-30/10 12 * * *', ['2026-03-01T12:10:00Z', '2026-03-01T12:20:00Z']],
    ['*/90 * * * *', ['2026-03-01T01:00:00Z', '2026-03-01T02:00:00Z']],
    ['@hourly', ['2026-03-01T01:00:00Z', '2026-03-01T02:00:00Z']],
    ['@daily', ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z']],
    ['@midnight', ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z']],
    ['@weekly', ['2026-03-08T00:00:00Z', '2026-03-15T00:00:00Z']],
    ['@monthly', ['2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z']],
    ['@yearly', ['2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z']],
    ['@annually', ['2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z']],
    ['@every 90s', ['2026-03-01T00:01:30Z', '2026-03-01T00:03:00Z']],
    ['@every 1m30s', ['2026-03-01T00:01:30Z', '2026-03-01T00:03:00Z']],
    ['@every 1.5h', ['2026-03-01T01:30:00Z', '2026-03-01T03:00:00Z']],
    ['@every 200ms', ['2026-03-01T00:00:01Z', '2026-03-01T00:00:02Z']],
    ['  0   6 * * *  ', ['2026-03-01T06:00:00Z', '2026-03-02T06:00:00Z']],
  ])('%s', async (text, expected) => {
    await expect(next(text, 2)).resolves.toEqual(expected);
  });

  it('fires on a match of either day field when both are restricted', async () => {
    const dates = await next('0 0 13 * 5', 4);

    expect(dates.map((date) => date.slice(0, 10))).toEqual([
      '2026-03-06',
      '2026-03-13',
      '2026-03-20',
      '2026-03-27',
    ]);
    expect((await next('0 0 14 * 5', 3)).map((date) => date.slice(8, 10))).toEqual([
      '06',
      '13',
      '14',
    ]);
  });

  it.each(['TZ=Asia/Tokyo 0 9 * * *', 'CRON_TZ=Asia/Tokyo 0 9 * * *'])(
    'reads the time zone of %s',
    async (text) => {
      const read = await schedule(text, undefined, from);

      expect(read.next(from)?.toISOString()).toBe('2026-03-02T00:00:00.000Z');
    },
  );

  it('takes the time zone beside it, and the same one twice', async () => {
    await expect(next('0 9 * * *', 1, 'Asia/Tokyo')).resolves.toEqual(['2026-03-02T00:00:00Z']);
    await expect(next('TZ=UTC 0 9 * * *', 1, 'UTC')).resolves.toEqual(['2026-03-01T09:00:00Z']);
  });

  it('runs once on the day the clock is put forward, and once when it is put back', async () => {
    const spring = await next('30 2 * * *', 3, 'Europe/Paris', new Date('2026-03-28T12:00:00Z'));
    const autumn = await next('30 2 * * *', 2, 'Europe/Paris', new Date('2026-10-24T12:00:00Z'));

    expect(spring).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
      '2026-03-31T00:30:00Z',
    ]);
    expect(autumn).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z']);
  });
});

describe('a schedule is refused', () => {
  it.each([
    '',
    '* * * *',
    '0 0 0 1 1 * 2026',
    '0 0 * * 7',
    '60 * * * *',
    '* 24 * * *',
    '0 0 0 * *',
    '0 0 * 13 *',
    '*/0 * * * *',
    '5-1 * * * *',
    '1-2-3 * * * *',
    '1,,2 * * * *',
    '0 0 L * *',
    '0 0 15W * *',
    '0 0 * * 5#2',
    '0 0 * foo *',
    '-1 * * * *',
    '1.5 * * * *',
    'H * * * *',
    '@never',
    '@Daily',
    '@every',
    '@every soon',
    '@every 0s',
    '@every -5m',
    '@reboot',
    '*/5/2 * * * *',
  ])('when it is `%s`', (text) => {
    expect(() => ticks(text)).toThrow(
      expect.objectContaining({
        code: 'schedule.bad-cron',
        category: 'validation',
        pointer: '/schedule',
        message: expect.stringContaining('Invalid CRON expression') as string,
      }),
    );
  });

  it.each([
    ['0 9 * * *', 'Mars/Olympus', 'schedule.bad-timezone'],
    ['TZ=Nowhere 0 9 * * *', undefined, 'schedule.bad-timezone'],
    ['0 0 31 2 *', 'UTC', 'schedule.never'],
    ['@every 99999999999h', 'UTC', 'schedule.never'],
  ])('%s in %s', async (text, timezone, code) => {
    await expect(schedule(text, timezone, from)).rejects.toMatchObject({ code });
  });
});
