import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Holder, type Lock, takeLock } from '../src/state/lock.ts';
import { child } from './child.ts';
import { tempTree } from './temp-tree.ts';

const heartbeatMs = 50;

const take = async (file: string, signal?: AbortSignal): Promise<Lock> => {
  const lock = await takeLock({ file, pipeline: 'orders', heartbeatMs, ...(signal && { signal }) });
  onTestFinished(() => lock.release());
  return lock;
};
const lockFile = (): string => path.join(tempTree(), 'orders.lock');
const holderIn = (file: string): Holder => JSON.parse(readFileSync(file, 'utf8')) as Holder;
const hold = (file: string, holder: Partial<Holder>, age = 0): void => {
  writeFileSync(
    file,
    JSON.stringify({ host: 'elsewhere', pid: 1, process: 'p', id: 'i', since: 's', ...holder }),
  );
  const at = new Date(Date.now() - age);
  utimesSync(file, at, at);
};

describe('the lock of a pipeline', () => {
  it('is given back', async () => {
    const file = lockFile();
    const lock = await take(file);
    await lock.check();

    await lock.release();
    await lock.release();

    expect(existsSync(file)).toBe(false);
    await take(file);
  });

  it('is refused to a second taker in the same process', async () => {
    const file = lockFile();
    await take(file);

    await expect(take(file)).rejects.toMatchObject({
      code: 'state.locked',
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
  });

  it('is refused to a second process, naming the one that has it', async () => {
    const file = lockFile();
    const other = child('hold-lock.ts', [file]);
    await other.says('held');

    await expect(take(file)).rejects.toMatchObject({
      code: 'state.locked',
      message: expect.stringContaining(`process ${other.pid}`) as string,
    });
    other.process.stdin?.end();
    await other.says('released');

    await take(file);
  });

  it('of a killed process is taken over at once', async () => {
    const file = lockFile();
    const other = child('hold-lock.ts', [file, '3600000']);
    await other.says('held');
    other.process.kill('SIGKILL');
    await other.ended();

    // The heartbeats of this taker are an hour apart: it can't have waited for one.
    const lock = await takeLock({ file, pipeline: 'orders', heartbeatMs: 3_600_000 });
    onTestFinished(() => lock.release());

    expect(holderIn(file).pid).toBe(process.pid);
  });

  it('of an earlier process with the same number is taken over', async () => {
    const file = lockFile();
    const first = await take(file);
    const mine = holderIn(file);
    await first.release();
    hold(file, { ...mine, process: 'an earlier life', id: 'other' });

    await take(file);

    expect(holderIn(file).process).toBe(mine.process);
  });

  it('of another machine is respected while its heart beats', async () => {
    const file = lockFile();
    hold(file, { host: 'elsewhere', pid: 7 }, 3_600_000);
    const beating = setInterval(() => utimesSync(file, new Date(), new Date()), heartbeatMs);
    onTestFinished(() => clearInterval(beating));

    await expect(take(file)).rejects.toMatchObject({
      code: 'state.locked',
      message: expect.stringContaining('process 7 on elsewhere') as string,
    });
  });

  it.each([
    ['long ago', 3_600_000],
    ['a moment ago', 0],
    ['an hour ahead, by another clock', -3_600_000],
  ])('of another machine is taken over when no beat follows the last, %s', async (_title, age) => {
    const file = lockFile();
    hold(file, { host: 'elsewhere' }, age);

    await take(file);

    expect(holderIn(file).pid).toBe(process.pid);
  });

  it('that a crash has left without content is taken over', async () => {
    const file = lockFile();
    writeFileSync(file, '');

    await take(file);

    expect(holderIn(file).pid).toBe(process.pid);
  });

  it('beats', async () => {
    const file = lockFile();
    await take(file);
    const long = new Date(0);
    utimesSync(file, long, long);

    const { statSync } = await import('node:fs');
    await vi.waitFor(() => expect(statSync(file).mtimeMs).toBeGreaterThan(0), 10_000);
  });

  it('tells its holder that it is lost, and is not taken back', async () => {
    const file = lockFile();
    const lock = await take(file);
    hold(file, { host: 'elsewhere', pid: 99 });

    await expect(lock.check()).rejects.toMatchObject({
      code: 'state.lock-lost',
      message: expect.stringContaining('process 99') as string,
    });
    await lock.release();

    expect(holderIn(file).pid).toBe(99);
  });

  it('goes to one of many who want it', async () => {
    const file = lockFile();
    hold(file, { host: 'elsewhere' }, 3_600_000);

    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => take(file)));

    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('stops waiting when it is told to', async () => {
    const file = lockFile();
    hold(file, { host: 'elsewhere' });
    const stopped = AbortSignal.abort();

    await expect(take(file, stopped)).rejects.toThrow('aborted');
  });
});
