import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { recent } from '../src/recent.ts';

describe('recent', () => {
  it('lets the least recently used go first', () => {
    const map = recent<number>(2, 1000);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');

    map.set('c', 3);

    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([1, undefined, 3]);
  });

  it('makes no room for a key that is there', () => {
    const map = recent<number>(2, 1000);
    map.set('a', 1);
    map.set('b', 2);

    map.set('b', 3);

    expect(['a', 'b'].map((key) => map.get(key))).toEqual([1, 3]);
  });

  it('forgets what is too old, however often it was used', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const map = recent<number>(2, 1000);
    map.set('a', 1);

    vi.advanceTimersByTime(999);
    const before = map.get('a');
    vi.advanceTimersByTime(1);

    expect([before, map.get('a')]).toEqual([1, undefined]);
  });

  it('takes keys that every object has', () => {
    const map = recent<number>(5, 1000);

    expect(['__proto__', 'constructor', ''].map((key) => map.get(key))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
