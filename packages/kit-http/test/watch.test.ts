import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { watch } from '../src/watch.ts';

it('leaves no listener on the signals of earlier runs', () => {
  const watched = watch(1000);
  const signals = Array.from({ length: 3 }, () => new AbortController().signal);

  for (const signal of signals) {
    const [one, two] = [watched.start(signal), watched.start(signal)];
    watched.end(one);
    watched.end(two);
  }

  expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toStrictEqual([
    0, 0, 1,
  ]);
});

it('keeps listening to a signal that has attempts', () => {
  const watched = watch(1000);
  const first = new AbortController();
  const ended: string[] = [];
  const running = watched.start(first.signal);
  running.stop = ({ code }) => ended.push(code);

  watched.start(new AbortController().signal);
  first.abort();

  expect(ended).toStrictEqual(['http.cancelled']);
});

it('ends each attempt when its own time is over', () => {
  vi.useFakeTimers();
  try {
    const watched = watch(1000);
    const { signal } = new AbortController();
    const ended: number[] = [];
    for (let index = 0; index < 3; index++) {
      watched.start(signal).stop = () => ended.push(Math.round(performance.now()));
      vi.advanceTimersByTime(300);
    }
    const start = performance.now() - 900;

    vi.advanceTimersByTime(2000);

    expect(ended.map((time) => time - Math.round(start))).toStrictEqual([1000, 1300, 1600]);
  } finally {
    vi.useRealTimers();
  }
});
