import { describe, expect, it } from 'vitest';
import { schedule } from '../src/schedule/schedule.ts';
import { type Tick, timers } from '../src/schedule/scheduler.ts';
import { fakeClock } from './fake-clock.ts';

async function registered(text: string) {
  const clock = fakeClock();
  const scheduler = timers(clock);
  const ticks: Tick[] = [];
  const read = await schedule(text, 'UTC', clock.now());
  const registration = scheduler.register(read, (tick) => ticks.push(tick));
  const times = (): string[] => ticks.map(({ scheduled }) => scheduled.toISOString().slice(11, 19));
  return { clock, scheduler, ticks, times, registration };
}

describe('timers', () => {
  it('fall due at the next tick, never at once', async () => {
    const { clock, times } = await registered('* * * * *');
    expect(times()).toEqual([]);

    clock.pass(59_999);
    expect(times()).toEqual([]);

    clock.pass(60_001);
    expect(times()).toEqual(['00:01:00', '00:02:00']);
  });

  it('keep a period from its start', async () => {
    const { clock, times } = await registered('@every 90s');

    clock.pass(200_000);

    expect(times()).toEqual(['00:01:30', '00:03:00']);
  });

  it('wait for longer than one timer can', async () => {
    const { clock, times } = await registered('@monthly');

    clock.pass(31 * 86_400_000);

    expect(times()).toEqual(['00:00:00']);
  });

  it('say the next tick', async () => {
    const { clock, registration } = await registered('*/10 * * * *');

    clock.pass(660_000);

    expect(registration.next()?.toISOString()).toBe('2026-03-01T00:20:00.000Z');
  });

  it('make one missed tick of all that were slept through', async () => {
    const { clock, ticks, registration } = await registered('* * * * *');

    clock.sleep(3_600_000);

    expect(ticks.map(({ missed }) => missed)).toEqual([true]);
    expect(registration.next()?.toISOString()).toBe('2026-03-01T01:01:00.000Z');
  });

  it('take a tick that is a little late for a tick', async () => {
    const { clock, ticks } = await registered('0 * * * *');
    clock.pass(3_599_000);

    clock.sleep(10_000);

    expect(ticks.map(({ missed }) => missed)).toEqual([false]);
  });

  it('stop, also from within a tick', async () => {
    const clock = fakeClock();
    const scheduler = timers(clock);
    let count = 0;
    const registration = scheduler.register(await schedule('* * * * *', 'UTC', clock.now()), () => {
      count++;
      registration.stop();
    });
    expect(scheduler.size).toBe(1);

    clock.pass(600_000);

    expect(count).toBe(1);
    expect(scheduler.size).toBe(0);
    expect(registration.next()).toBeUndefined();
  });
});
