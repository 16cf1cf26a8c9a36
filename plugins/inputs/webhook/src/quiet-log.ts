import type { Log, LogFields } from '@cannectors/core';

/**
 * Makes a log for what anybody may cause by sending requests: of each message one line in a second,
 * with the number of those left out since the last.
 */
export function quietLog(
  log: Log,
): (level: 'warn' | 'error', message: string, fields: LogFields) => void {
  const seen = new Map<string, { at: number; omitted: number }>();
  return (level, message, fields) => {
    const now = performance.now();
    const last = seen.get(message);
    if (last !== undefined && now < last.at + 1000) {
      last.omitted++;
      return;
    }
    const omitted = last?.omitted ?? 0;
    seen.set(message, { at: now, omitted: 0 });
    log[level](message, omitted === 0 ? fields : { ...fields, omitted });
  };
}
