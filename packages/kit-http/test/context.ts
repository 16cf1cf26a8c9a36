import { type Context, isFault } from '@cannectors/core';
import type { HttpConfig } from '../src/index.ts';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

/** A context that collects log lines, and repeats without a wait. */
export function contextWith(maxRetries = 0) {
  const lines: Line[] = [];
  const waits: (number | true)[] = [];
  const write = (level: string) => (message: string, fields: unknown) => {
    lines.push({ level, message, fields });
  };
  const context: Context = {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    pipeline: { name: 'test' },
    dryRun: false,
    readOnly: false,
    limits: { maxRecordBytes: 1e6, maxPageBytes: 1e6 },
    storage: '/nowhere',
    stdout: process.stdout,
    file: (file) => file,
    filters: () => ({ each: (item) => item }),
    async retry(task, signal) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await task(attempt);
        } catch (error) {
          const retry = isFault(error) && !signal.aborted ? error.retry : false;
          if (retry === false || attempt > maxRetries) throw error;
          waits.push(retry);
        }
      }
    },
  };
  return { context, lines, waits };
}

/** A config as the host would complete it. */
export function configFor(endpoint: string, more: Partial<HttpConfig> = {}): HttpConfig {
  return {
    endpoint,
    headers: {},
    queryParams: {},
    timeoutMs: 20_000,
    maxPageBytes: 1_000_000,
    ...more,
    retry: {
      maxAttempts: 3,
      delayMs: 1000,
      backoffMultiplier: 2,
      maxDelayMs: 30_000,
      useRetryAfterHeader: false,
      retryHintFromBody: '',
      jitter: false,
      ...more.retry,
    },
  };
}
