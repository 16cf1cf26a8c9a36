import path from 'node:path';
import { type Module, pathText, type Pipeline } from '@cannectors/config';
import type { Log, TextStream } from '@cannectors/core';
import type { FailpointName } from '@cannectors/core/run';
import { nameTaken } from './faults.ts';
import { type Instance, instance, type Mode } from './instance.ts';
import { lazyRunner } from './lazy-runner.ts';
import type { LoadedFile } from './load-file.ts';
import { type LogLevel, type LogSink, logTo } from './log.ts';
import type { Installed } from './plugins/installed.ts';
import { usedModules } from './plugins/used-modules.ts';
import { type Clock, systemClock } from './schedule/clock.ts';
import { type Scheduler, timers } from './schedule/scheduler.ts';
import { scrub } from './scrub.ts';
import { secretsOf } from './secrets.ts';
import { fileStore, type StateStore } from './state/file-store.ts';
import type { WriteFailpoint } from './whole-file.ts';

export interface HostOptions {
  readonly installed: Installed;
  readonly sink: LogSink;
  /** The sink is given lines of this level and above. Default `info`. */
  readonly level?: LogLevel;
  /** State folder of the pipelines that name none. Default `./.cannectors-state`. */
  readonly storage?: string;
  /** Where outputs print records. Default `process.stdout`. */
  readonly stdout?: TextStream;
  /** Default: files, one for each pipeline. */
  readonly store?: StateStore;
  /** Default: timers in this process. */
  readonly scheduler?: Scheduler;
  readonly clock?: Clock;
  /** Where a test may stop or kill the process (reliability.md, section 3). */
  readonly failpoint?: (name: FailpointName | WriteFailpoint) => void | Promise<void>;
}

export interface AddOptions {
  /** `once`: one run now, whatever the schedule. Default `auto`: as the document says. */
  readonly mode?: 'once' | 'auto';
  /** Reads and filters for real, writes nothing; one run. */
  readonly dryRun?: boolean;
  /** What a dry run takes for the body of a delivery, where the input waits for some. */
  readonly delivery?: Uint8Array;
}

/** Pipelines in one process. What happens to one does not touch the others. */
export interface Host {
  /**
   * Adds a pipeline, which does nothing until it is started.
   *
   * @throws `pipeline.name-taken` while another one of that name has not ended
   */
  add(loaded: LoadedFile, options?: AddOptions): Instance;
  readonly instances: ReadonlyMap<string, Instance>;
  /** Stops all, at the same time. */
  stop(): Promise<void>;
}

/** Makes a host. It touches nothing of the process: signals are wired by whoever owns it. */
export function createHost(options: HostOptions): Host {
  const { clock = systemClock, failpoint } = options;
  const scheduler = options.scheduler ?? timers(clock);
  const store =
    options.store ??
    fileStore({
      ...(options.storage !== undefined && { storage: options.storage }),
      ...(failpoint !== undefined && { failpoint }),
    });
  const instances = new Map<string, Instance>();

  return {
    instances,
    add(loaded, added = {}) {
      const pipeline = runnable(loaded);
      const { name } = pipeline;
      if (instances.has(name)) throw nameTaken(name);
      const one = assemble(loaded, pipeline, added, { ...options, clock, scheduler, store });
      instances.set(name, one);
      void one.ended.then(() => instances.delete(name));
      return one;
    },
    async stop() {
      await Promise.all([...instances.values()].map((one) => one.stop('the host stops')));
    },
  };
}

type Assembly = HostOptions & {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly store: StateStore;
};

function assemble(
  loaded: LoadedFile,
  pipeline: Pipeline,
  { mode, dryRun = false, delivery }: AddOptions,
  options: Assembly,
): Instance {
  const { installed, sink, level = 'info', stdout = process.stdout, clock, scheduler } = options;
  const known = scrub(secretsOf(usedModules(pipeline, installed)));
  const current: { run: string | undefined } = { run: undefined };
  const origin = {
    pipeline: pipeline.name,
    run: () => current.run,
    ...(dryRun && { dryRun }),
  };
  const log = logTo(sink, level, known, origin);
  const logOf = ({ type, pointer }: Module): Log =>
    logTo(sink, level, known, { ...origin, module: type, path: pathText(pointer) });
  const store = options.store.of(pipeline, { log, dryRun });
  const one = modeOf(loaded.endless, pipeline, mode === 'once', dryRun);

  const { storage, failpoint } = options;
  const running = lazyRunner({
    pipeline,
    folder: path.dirname(path.resolve(loaded.file)),
    installed,
    log,
    logOf,
    scrub: known,
    dryRun,
    stdout,
    store,
    clock,
    current,
    opensEarly: one !== 'once',
    ...(delivery !== undefined && { delivery }),
    ...(storage !== undefined && { storage }),
    ...(failpoint !== undefined && { failpoint }),
  });
  return instance({ pipeline, mode: one, log, runner: running, store, scheduler, clock });
}

function runnable({ file, pipeline, problems }: LoadedFile): Pipeline {
  const [problem] = problems;
  if (pipeline !== undefined && problem === undefined) return pipeline;
  throw new TypeError(`${file} cannot be run: ${problem?.message ?? 'it holds no pipeline'}`);
}

function modeOf(endless: boolean, { input }: Pipeline, isOnce: boolean, dryRun: boolean): Mode {
  if (endless && !dryRun) return 'endless';
  return input.schedule === undefined || isOnce || dryRun ? 'once' : 'scheduled';
}
