import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Kind, Module, Pipeline } from '@cannectors/config';
import type { Context, EachFilter, Log, TextStream } from '@cannectors/core';
import type { FilterStage, RetryPolicy } from '@cannectors/core/run';

/** What the contexts of a pipeline's modules have in common. */
export interface Surroundings {
  readonly pipeline: Pipeline;
  /** Folder of the pipeline file; absent for a document that came another way. */
  readonly folder?: string;
  /** Absolute path of the state folder. */
  readonly storage: string;
  readonly dryRun: boolean;
  /** The body that a dry run of an input looks at to which records are sent. */
  readonly delivery?: Uint8Array;
  readonly stdout: TextStream;
  readonly kernel: Kernel;
  readonly logOf: (module: Module) => Log;
}

/** What modules use of the executor, which is loaded only to run them. */
export interface Kernel {
  readonly retry: (policy: RetryPolicy, log: Log) => Context['retry'];
  /** A nested chain; `passOver`: a step that fails is passed over, with a line at this level. */
  readonly chain: (stages: readonly FilterStage[], passOver?: 'warn' | 'error') => EachFilter;
}

/** Makes what a module is lent. `filters` is how nested chains are built. */
export function contextOf(
  kind: Kind,
  module: Module,
  around: Surroundings,
  filters: Context['filters'],
): Context {
  const { pipeline, folder, storage, dryRun, delivery, stdout, kernel } = around;
  const log = around.logOf(module);
  return {
    log,
    pipeline: { name: pipeline.name },
    dryRun,
    readOnly: dryRun && !pipeline.dryRunOptions.allowSideEffects,
    limits: {
      maxRecordBytes: pipeline.memory.maxRecordBytes,
      maxPageBytes: maxPageBytes(pipeline),
    },
    retry: kernel.retry(retryPolicy(kind, module), log),
    filters: (steps, pointer, options): EachFilter => filters(steps, pointer, options),
    file: (name) => fileNear(folder, name),
    storage,
    stdout,
    ...(delivery !== undefined && { delivery }),
    ...(kind === 'filter' && !pipeline.filters.includes(module) && { nested: true }),
  };
}

/**
 * The effective retry policy of a module: without a `retry` block 3 retries, for a filter none.
 *
 * @see spec/connectors/pipeline.md, section 3
 */
export function retryPolicy(kind: Kind, { config }: Pick<Module, 'config'>): RetryPolicy {
  const given = config['retry'];
  const retry = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};
  const number = (key: string): number | undefined => {
    const value = retry[key];
    return typeof value === 'number' ? value : undefined;
  };
  const ofNone = kind === 'filter' && given === undefined ? 0 : 3;
  // 0 means the default, as it always did.
  return {
    maxAttempts: number('maxAttempts') ?? ofNone,
    delayMs: number('delayMs') || 1000,
    backoffMultiplier: number('backoffMultiplier') || 2,
    maxDelayMs: number('maxDelayMs') || 30_000,
    jitter: retry['jitter'] === true,
  };
}

const pageBytes = 16 * 1024 * 1024;
const wholeRun = { maxInflight: 1, maxBytes: 24 * 1024 * 1024 };

/** What the batches leave of the memory budget (model.md, section 12). */
function maxPageBytes({ batch, memory }: Pipeline): number {
  const { maxInflight, maxBytes } = batch ?? wholeRun;
  const left = memory.maxBytes - (maxInflight + 1) * maxBytes;
  return Math.min(pageBytes, Math.max(left, 1));
}

function fileNear(folder: string | undefined, name: string): string {
  if (folder === undefined) return path.resolve(name);
  const beside = path.resolve(folder, name);
  return existsSync(beside) ? beside : path.resolve(name);
}
