import type { Fault, JsonRecord, Log } from '@cannectors/core';
import { onTestFinished } from 'vitest';
import {
  type BatchSandbox,
  batchSandbox,
  limitsOf,
  recordSandbox,
  recordText,
} from '../src/index.ts';

/** A line that a script has written. */
export type Written = readonly [message: string, fields: Readonly<Record<string, unknown>>];

/** A log that keeps its lines. */
export function keptLog(): { log: Log; lines: Written[] } {
  const lines: Written[] = [];
  const keep = (message: string, fields = {}): void => void lines.push([message, fields]);
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines };
}

interface Options {
  readonly timeoutMs?: number;
  readonly cpuMs?: number;
  readonly memMb?: number;
  readonly isModule?: boolean;
  readonly log?: Log;
}

function settings(text: string, { isModule = false, log = keptLog().log, ...limits }: Options) {
  const script = { text, name: 'inline', isModule };
  return { script, limits: limitsOf(limits), log };
}

/** A script with `transform`, for the time of a test. */
export function transformOf(text: string, options: Options = {}) {
  const sandbox = recordSandbox(settings(text, options));
  onTestFinished(() => sandbox.close());

  return {
    pid: sandbox.pid,
    open: sandbox.open,
    close: sandbox.close,
    /** What becomes of records: each a record, or the fault of it. */
    async of(
      records: readonly JsonRecord[],
      { life = 1, signal = new AbortController().signal } = {},
    ): Promise<(JsonRecord | Fault)[]> {
      const outcomes: (JsonRecord | Fault)[] = [];
      const written = records.map(recordText);
      await sandbox.run({
        texts: written.map((one) => one.text),
        isExact: written.some((one) => one.isExact),
        indexes: records.map((_, index) => index),
        life,
        signal,
        settled: (position, outcome) => void (outcomes[position] = outcome),
      });
      return outcomes;
    },
  };
}

/** A script with `processBatch`, for the time of a test. */
export function batchesOf(text: string, options: Options = {}) {
  const sandbox: BatchSandbox = batchSandbox(settings(text, options));
  onTestFinished(() => sandbox.close());

  return {
    pid: sandbox.pid,
    close: sandbox.close,
    of(records: readonly JsonRecord[], signal = new AbortController().signal) {
      const written = records.map(recordText);
      return sandbox.run({
        texts: written.map((one) => one.text),
        isExact: written.some((one) => one.isExact),
        signal,
      });
    },
  };
}

/** Tells whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
