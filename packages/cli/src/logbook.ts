import type { LogEntry, LogSink } from '@cannectors/host';
import type { Flags } from './flags.ts';
import { logFile } from './log-file.ts';
import { humanLine, jsonLine } from './log-line.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

type Level = LogEntry['level'];

/** Where log lines go: the stream that the terminal has for them, and a file beside it. */
export interface Logbook {
  /** The least that is logged. Whoever writes keeps to it. */
  readonly level: Level;
  readonly write: LogSink;
  /** What people are told in words of their own: a line for machines only. */
  note(level: Level, msg: string, fields: LogEntry['fields']): void;
}

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error'];

export function logbook(flags: Flags, terminal: Terminal): Logbook {
  const least = flags.verbose ? 'debug' : flags.quiet ? 'error' : 'info';
  const append =
    flags.logFile === undefined
      ? () => {}
      : logFile(flags.logFile, (reason) =>
          terminal.error(() => printable(`The log file is not written: ${reason}`)),
        );

  return {
    level: least,
    write(entry) {
      append(entry);
      terminal.log((paint) => (paint ? humanLine(entry, paint) : jsonLine(entry)));
    },
    note(level, msg, fields) {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      const entry = { time: new Date(), level, msg, fields };
      append(entry);
      terminal.log((paint) => (paint ? '' : jsonLine(entry)));
    },
  };
}
