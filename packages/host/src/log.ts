import type { Json, Log, LogFields } from '@cannectors/core';
import type { Scrub } from './scrub.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log, before anybody has printed it. It holds no secret. */
export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly msg: string;
  /** Name of the pipeline. */
  readonly pipeline?: string;
  /** Id of the run. */
  readonly run?: string;
  /** Type of the module. */
  readonly module?: string;
  /** Where the module stands: `filters[1]`. */
  readonly path?: string;
  readonly dryRun?: boolean;
  readonly fields: Readonly<Record<string, Json | undefined>>;
}

export type LogSink = (entry: LogEntry) => void;

/** What every line of a log has in common. */
export interface LogOrigin {
  readonly pipeline?: string;
  /** Asked at each line: a module lives longer than a run. */
  readonly run?: () => string | undefined;
  readonly module?: string;
  readonly path?: string;
  readonly dryRun?: boolean;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Makes a log that writes lines of `level` and above. */
export function logTo(sink: LogSink, level: LogLevel, scrub: Scrub, origin: LogOrigin): Log {
  const { run, ...rest } = origin;
  const writer =
    (own: LogLevel) =>
    (msg: string, fields: LogFields = {}) => {
      const id = run?.();
      sink({
        time: new Date(),
        level: own,
        msg,
        ...rest,
        ...(id !== undefined && { run: id }),
        fields: scrub.value(fields),
      });
    };
  const silent = (): void => undefined;
  const from = levels.indexOf(level);
  const at = (own: LogLevel) => (levels.indexOf(own) < from ? silent : writer(own));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
