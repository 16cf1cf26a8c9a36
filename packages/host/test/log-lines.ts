import type { Log } from '@cannectors/core';
import type { LogEntry, LogSink } from '../src/log.ts';
import { logTo } from '../src/log.ts';
import { scrub } from '../src/scrub.ts';

export interface LogLines {
  readonly log: Log;
  readonly sink: LogSink;
  readonly entries: LogEntry[];
  /** `level message` of each line. */
  readonly lines: () => string[];
}

/** A log that can be read. */
export function logLines(): LogLines {
  const entries: LogEntry[] = [];
  const sink: LogSink = (entry) => entries.push(entry);
  return {
    entries,
    sink,
    log: logTo(sink, 'debug', scrub([]), {}),
    lines: () => entries.map(({ level, msg }) => `${level} ${msg}`),
  };
}
