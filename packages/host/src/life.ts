import type { Pipeline } from '@cannectors/config';
import type { Log } from '@cannectors/core';
import type { RunResult } from '@cannectors/core/run';
import type { Clock } from './schedule/clock.ts';
import { turns } from './schedule/overlap.ts';
import { schedule } from './schedule/schedule.ts';
import type { Registration, Scheduler, Tick } from './schedule/scheduler.ts';
import type { PipelineStore } from './state/file-store.ts';

/** How an instance spends its time between start and end. */
export interface Life {
  /** Sets up what has to stand before `start` is over. */
  begin?(signal: AbortSignal): Promise<void>;
  /** Ends by itself, or soon after `signal` aborts and the run that is on is over. */
  live(signal: AbortSignal): Promise<void>;
  nextRun?(): Date | undefined;
  /** A run now, beside the schedule. */
  run?(): void;
  /** From now on ticks are skipped, or no longer. */
  pause?(isPaused: boolean): void;
}

export interface LifeOptions {
  readonly pipeline: Pipeline;
  readonly log: Log;
  readonly store: PipelineStore;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** Never rejects. */
  readonly runOnce: () => Promise<RunResult>;
}

/** One run. */
export function once({ runOnce }: LifeOptions): Life {
  return {
    async live(signal) {
      if (!signal.aborted) await runOnce();
    },
  };
}

/**
 * A run at every tick of the schedule.
 *
 * @see spec/connectors/execution.md, section 8
 */
export function onSchedule(options: LifeOptions): Life {
  const { pipeline, log, store, scheduler, clock, runOnce } = options;
  const { schedule: text = '', timezone, overlap, misfire } = pipeline.input;
  let registration: Registration | undefined;
  let isPaused = false;
  let skipped = 0;

  const inTurn = turns(overlap, log, async ({ scheduled }) => {
    log.info('scheduled pipeline execution starting', {
      schedule: text,
      scheduled_time: scheduled.toISOString(),
    });
    logEnd(await runOnce(), log);
  });
  const due = (tick: Tick): void => {
    if (isPaused) skipped++;
    else if (tick.missed && misfire === 'none') {
      log.info('execution missed', { scheduled_time: tick.scheduled.toISOString() });
    } else inTurn.offer(tick);
  };

  const stop = (): void => {
    registration?.stop();
    inTurn.clear();
  };

  return {
    async begin(signal) {
      const when = await schedule(text, timezone, clock.now());
      // The state file is as old as the last run that went well.
      const savedAt = misfire === 'once' ? await store.savedAt() : undefined;
      log.info('pipeline registered in scheduler', { schedule: text });
      registration = scheduler.register(when, due);
      signal.addEventListener('abort', stop, { once: true });
      log.info('scheduler started', { pipelines: scheduler.size });
      const missed = savedAt === undefined ? undefined : when.next(savedAt);
      if (missed !== undefined && missed <= clock.now()) due({ scheduled: missed, missed: true });
    },
    async live(signal) {
      await aborted(signal);
      await inTurn.idle();
      log.info('scheduler stopped');
    },
    nextRun: () => registration?.next(),
    run: () => inTurn.offer({ scheduled: clock.now(), missed: false }),
    pause(paused) {
      isPaused = paused;
      if (paused || skipped === 0) return;
      log.info('executions skipped while paused', { count: skipped });
      skipped = 0;
      due({ scheduled: clock.now(), missed: true });
    },
  };
}

/** The longest wait before a pipeline without an end is started again after a failure. */
const maxRestartMs = 300_000;

/** One run that never ends by itself; after a failure it is started again, later and later. */
export function withoutEnd({ log, clock, runOnce }: LifeOptions): Life {
  return {
    async live(signal) {
      for (let failures = 0; !signal.aborted; failures++) {
        const { status, records_written: written } = await runOnce();
        if (status === 'success' || signal.aborted) return;
        if (written > 0) failures = 0;
        const delay_ms = Math.min(1000 * 2 ** failures, maxRestartMs);
        log.warn('pipeline failed and is started again', { delay_ms });
        await pause(delay_ms, clock, signal);
      }
    },
  };
}

function logEnd({ status, duration_ms, error, ...result }: RunResult, log: Log): void {
  if (error?.code === 'run.cancelled') {
    log.info('scheduled pipeline execution canceled', { duration_ms });
  } else if (error !== undefined) {
    const { message, code } = error;
    log.error('scheduled pipeline execution failed', {
      error: message,
      error_code: code,
      duration_ms,
    });
  } else {
    log.info('scheduled pipeline execution completed', {
      status,
      records_read: result.records_read,
      records_written: result.records_written,
      records_failed: result.records_failed,
      records_dropped: result.records_dropped,
      duration_ms,
    });
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<unknown>();
  signal.addEventListener('abort', resolve, { once: true });
  await promise;
}

async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  await Promise.race([promise, aborted(signal)]);
  cancel();
}
