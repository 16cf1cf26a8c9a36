import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Context, isFault, type Json, type LogFields } from '@cannectors/core';
import { onTestFinished } from 'vitest';
import { nestedFilters, type Registry } from './nested-filters.ts';

/** One line that a plugin has logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface FakeContextOptions {
  /** Where relative files are looked up. Default: the working folder. */
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly readOnly?: boolean;
  /** Number of retries of `context.retry`, which never waits. Default 3. */
  readonly maxRetries?: number;
  /** The module's own `onError`, which decides what a tolerant chain does. Default `fail`. */
  readonly onError?: 'fail' | 'skip' | 'log';
  /** Filters that nested steps may name, besides the stand-ins `set`, `drop` and `fail`. */
  readonly filters?: Registry;
}

/** A context for tests: it collects log lines, and retries without a wait. */
export interface FakeContext extends Context {
  readonly lines: readonly LogLine[];
  /** What each retry would have waited for: a number of milliseconds, or the policy's back-off. */
  readonly waits: readonly (number | 'back-off')[];
  /** What was written to `stdout`. */
  printed(): string;
}

/**
 * Makes a context for one test. Call it while a test runs: its storage folder, if the plugin makes
 * it, is removed when that test is over.
 */
export function fakeContext(options: FakeContextOptions = {}): FakeContext {
  const { folder = process.cwd(), dryRun = false, readOnly = false, maxRetries = 3 } = options;
  const storage = path.join(tmpdir(), `cannectors-test-${randomUUID()}`);
  onTestFinished(() => rm(storage, { recursive: true, force: true }));
  const lines: LogLine[] = [];
  const waits: (number | 'back-off')[] = [];
  const printed: string[] = [];
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields: plainFields(fields) });
    };

  const context: FakeContext = {
    lines,
    waits,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    pipeline: { name: 'test' },
    dryRun,
    readOnly,
    limits: { maxRecordBytes: 16 * 1024 * 1024, maxPageBytes: 16 * 1024 * 1024 },
    storage,
    file: (file) => path.resolve(folder, file),
    filters(steps, pointer, { tolerant = false } = {}) {
      const passesOver = tolerant && (options.onError ?? 'fail') !== 'fail';
      return nestedFilters(steps, pointer, {
        registry: options.filters ?? {},
        context,
        passesOver,
      });
    },
    stdout: {
      write(text, done) {
        printed.push(text);
        done();
      },
    },
    printed: () => printed.join(''),
    async retry(task, signal) {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await task(attempt);
        } catch (error) {
          const retry = isFault(error) ? error.retry : false;
          if (retry === false || attempt > maxRetries) throw error;
          waits.push(retry === true ? 'back-off' : retry);
        }
      }
    },
  };
  return context;
}

/** A log call must not keep objects that the plugin goes on to change. */
function plainFields(fields: LogFields): LogFields {
  return structuredClone(fields) as Record<string, Json | undefined>;
}
