import type { Progress } from '@cannectors/core/run';
import { count, durationText, rateText } from './quantity.ts';
import type { Screen, Terminal } from './terminal.ts';

const redrawMs = 100;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const wipeLine = '\r\u001b[2K';

/**
 * Shows one line while a run is active, redrawn in place; nothing where there is no terminal for it.
 *
 * @param progress of the active run, if there is one
 * @returns a function that takes the line away for good and gives the cursor back
 */
export function liveLine(terminal: Terminal, progress: () => Progress | undefined): () => void {
  let since: number | undefined;
  let shownOn: Screen | undefined;

  function wipe(): void {
    shownOn?.write(wipeLine + showCursor);
    shownOn = undefined;
  }

  function draw(): void {
    const screen = terminal.live();
    const now = screen && progress();
    since = now && (since ?? performance.now());
    if (screen === undefined || now === undefined || since === undefined) return wipe();
    const text = progressText(now, performance.now() - since);
    // One column stays free: some terminals wrap as soon as the last one is written.
    screen.write(hideCursor + wipeLine + text.slice(0, (screen.columns ?? 80) - 1));
    shownOn = screen;
  }

  terminal.onWrite(wipe);
  process.on('exit', wipe);
  const timer = setInterval(draw, redrawMs);
  return () => {
    clearInterval(timer);
    wipe();
    process.off('exit', wipe);
  };
}

/** What the line says: records, rate, batches, retries, time. */
export function progressText(progress: Progress, ms: number): string {
  const { phase, records_read, records_written, batches, retries } = progress;
  return [
    `  ${phase} ${durationText(ms)}`,
    `${records_read} read`,
    `${records_written} written`,
    rateText(records_read, ms),
    count(batches, 'batch', 'batches'),
    ...(retries > 0 ? [count(retries, 'retry', 'retries')] : []),
  ]
    .filter(Boolean)
    .join(' · ');
}
