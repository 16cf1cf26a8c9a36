import { existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { LogEntry } from '@cannectors/host';
import { jsonLine } from './log-line.ts';

const maxBytes = 10 * 1024 * 1024;

/**
 * Opens a file for the log, always JSON lines. One above 10 MiB is moved aside first.
 *
 * Lines are written at once and synchronously, so that the last ones before a crash are there.
 *
 * @param complain is told once when the file cannot be opened or written; the work goes on
 */
export function logFile(
  path: string,
  complain: (reason: string) => void,
  now = new Date(),
): (entry: LogEntry) => void {
  let file: number | undefined;
  const attempt = (task: () => void) => {
    try {
      task();
    } catch (error) {
      file = undefined;
      complain(error instanceof Error ? error.message : String(error));
    }
  };
  const append = (entry: LogEntry) => {
    const fd = file;
    if (fd !== undefined) attempt(() => writeSync(fd, jsonLine(entry)));
  };

  attempt(() => {
    rotate(path, now);
    file = openSync(path, 'a', 0o644);
  });
  append({ time: now, level: 'info', msg: 'log file opened', fields: {} });
  return append;
}

function rotate(path: string, now: Date): void {
  if (!existsSync(path) || statSync(path).size <= maxBytes) return;
  const [day = '', time = ''] = now.toISOString().replaceAll(/[-:]/gu, '').split(/[T.]/u);
  const aside = `${path}.${day}-${time}`;
  // Two starts in one second: the second one appends rather than lose the first one's file.
  if (!existsSync(aside)) renameSync(path, aside);
}
