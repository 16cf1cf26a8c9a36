import { describe, expect, it } from 'vitest';
import { turns } from '../src/schedule/overlap.ts';
import type { Tick } from '../src/schedule/scheduler.ts';
import { logLines } from './log-lines.ts';

const tick = (minute: number): Tick => ({
  scheduled: new Date(Date.UTC(2026, 0, 1, 0, minute)),
  missed: false,
});

/** Runs that end when the test says so. */
function slowRuns(overlap: 'coalesce' | 'skip' | 'queue') {
  const { log, lines, entries } = logLines();
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const taken = turns(overlap, log, ({ scheduled }) => {
    started.push(scheduled.getUTCMinutes());
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    return promise;
  });
  const endOne = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { taken, lines, entries, started, endOne };
}

describe('ticks while a run is on', () => {
  it('coalesce to one run that follows', async () => {
    const { taken, started, lines, endOne } = slowRuns('coalesce');
    for (const minute of [1, 2, 3, 4]) taken.offer(tick(minute));
    expect(started).toEqual([1]);

    await endOne();
    expect(started).toEqual([1, 4]);
    await endOne();

    expect(started).toEqual([1, 4]);
    expect(lines()).toEqual(Array.from({ length: 3 }, () => 'info execution coalesced'));
    taken.offer(tick(5));
    expect(started).toEqual([1, 4, 5]);
  });

  it('are skipped', async () => {
    const { taken, started, lines, endOne } = slowRuns('skip');
    taken.offer(tick(1));
    taken.offer(tick(2));

    await endOne();
    taken.offer(tick(3));

    expect(started).toEqual([1, 3]);
    expect(lines()).toEqual(['info execution skipped']);
  });

  it('queue up, first in first out, up to 100', async () => {
    const { taken, started, entries, endOne } = slowRuns('queue');
    for (let minute = 0; minute < 103; minute++) taken.offer(tick(minute));
    expect(entries.at(99)).toMatchObject({
      msg: 'execution queued',
      fields: { queue_position: 100 },
    });
    expect(entries.slice(100).map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      'warn execution queue full',
      'warn execution queue full',
    ]);

    await endOne();

    expect(started).toEqual([0, 1]);
    expect(entries.at(-1)).toMatchObject({
      msg: 'processing queued execution',
      fields: { remaining: 99 },
    });
  });

  it('are forgotten when they are cleared', async () => {
    const { taken, started, entries, endOne } = slowRuns('queue');
    for (const minute of [1, 2, 3]) taken.offer(tick(minute));

    taken.clear();
    await endOne();

    expect(started).toEqual([1]);
    expect(entries.at(-1)).toMatchObject({
      msg: 'queued executions canceled',
      fields: { count: 2 },
    });
  });
});
