import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pool } from '../src/drivers/pool.ts';

const never = new AbortController().signal;
const limits = {
  maxOpenConns: 2,
  maxIdleConns: 1,
  connMaxLifetimeSeconds: 100,
  connMaxIdleTimeSeconds: 10,
};

function subject(changes: Partial<typeof limits> = {}) {
  const made: { isOpen: boolean; isBroken: boolean; isWell(): boolean; close(): void }[] = [];
  const open = async () => {
    const one = {
      isOpen: true,
      isBroken: false,
      isWell: () => one.isOpen && !one.isBroken,
      close: () => void (one.isOpen = false),
    };
    made.push(one);
    return one;
  };
  return { made, links: pool(open, { ...limits, ...changes }) };
}

describe('the pool of connections', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lends the same one again', async () => {
    const { links, made } = subject();

    links.give(await links.take(never));
    await links.take(never);

    expect(made).toHaveLength(1);
  });

  it('lets those wait who come when all are lent, in their order', async () => {
    const { links } = subject({ maxOpenConns: 1 });
    const first = await links.take(never);
    const order: string[] = [];
    const waiting = ['a', 'b'].map(async (name) => {
      const link = await links.take(never);
      order.push(name);
      links.give(link);
    });

    links.give(first);
    await Promise.all(waiting);

    expect(order).toEqual(['a', 'b']);
  });

  it('lets a waiting one leave, and serves the next', async () => {
    const { links } = subject({ maxOpenConns: 1 });
    const first = await links.take(never);
    const leaving = new AbortController();
    const left = links.take(leaving.signal);
    const served = links.take(never);

    leaving.abort(new Error('enough'));
    await expect(left).rejects.toThrow('enough');
    links.give(first);

    await expect(served).resolves.toBe(first);
  });

  it('makes room for the next when one cannot be opened', async () => {
    let tries = 0;
    const failing = pool(() => Promise.reject(new Error(`no ${++tries}`)), {
      ...limits,
      maxOpenConns: 1,
    });

    const results = await Promise.allSettled([failing.take(never), failing.take(never)]);

    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(2);
  });

  it('closes what is broken, too old, too many or idle for too long', async () => {
    const { links, made } = subject();
    const [one, two] = [await links.take(never), await links.take(never)];

    links.give(one);
    links.give(two);
    expect(made.map(({ isOpen }) => isOpen)).toEqual([false, true]);

    two.isBroken = true;
    const three = await links.take(never);
    expect(two.isOpen).toBe(false);

    vi.advanceTimersByTime(101_000);
    links.give(three);
    expect(three.isOpen).toBe(false);

    const four = await links.take(never);
    links.give(four);
    vi.advanceTimersByTime(9000);
    expect(four.isOpen).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(four.isOpen).toBe(false);
  });

  it('closes idle ones at its end and lent ones when they come back', async () => {
    const { links, made } = subject();
    const lent = await links.take(never);
    links.give(await links.take(never));

    links.close();
    expect(made.map(({ isOpen }) => isOpen)).toEqual([true, false]);

    links.give(lent);
    expect(lent.isOpen).toBe(false);
    await expect(links.take(never)).rejects.toThrow('closed');
  });
});
