import type { Progress } from '@cannectors/core/run';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { liveLine, progressText } from '../src/live-line.ts';
import { terminal } from '../src/terminal.ts';

const wipe = '\r\u001b[2K';
const hide = '\u001b[?25l';
const show = '\u001b[?25h';

const flags = {
  verbose: false,
  quiet: false,
  json: false,
  noColor: false,
  once: false,
  dryRun: false,
};

const progress: Progress = {
  phase: 'running',
  records_read: 1200,
  records_written: 1000,
  batches: 1,
  retries: 2,
  inflight: 1,
};

function arrange(isTTY = true) {
  const received = { text: '' };
  const screen = { isTTY, columns: 40, write: (text: string) => (received.text += text) };
  return { received, screen: terminal(flags, { stdout: screen, stderr: screen }) };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('says records, rate, batches, retries and time', () => {
  expect(progressText(progress, 2000)).toBe(
    '  running 2.0 s · 1200 read · 1000 written · 600 records/s · 1 batch · 2 retries',
  );
});

it('is redrawn at most ten times a second, within the width, and gives the cursor back', () => {
  const { received, screen } = arrange();
  const close = liveLine(screen, () => progress);

  vi.advanceTimersByTime(1000);
  const drawn = received.text.split(wipe).slice(1);
  close();

  expect(drawn).toHaveLength(10);
  expect(Math.max(...drawn.map((line) => line.replace(hide, '').length))).toBeLessThan(40);
  expect(received.text.endsWith(wipe + show)).toBe(true);
});

it('makes way for other lines and comes back', () => {
  const { received, screen } = arrange();
  const close = liveLine(screen, () => progress);

  vi.advanceTimersByTime(100);
  received.text = '';
  screen.info(() => 'a line');
  expect(received.text).toBe(`${wipe}${show}a line\n`);

  vi.advanceTimersByTime(100);
  expect(received.text).toContain('1200 read');
  close();
});

it('shows nothing between runs', () => {
  const { received, screen } = arrange();
  const close = liveLine(screen, () => undefined);

  vi.advanceTimersByTime(500);
  close();

  expect(received.text).toBe('');
});

it('shows nothing where there is no terminal', () => {
  const { received, screen } = arrange(false);
  const close = liveLine(screen, () => progress);

  vi.advanceTimersByTime(500);
  close();

  expect(received.text).toBe('');
});
