import path from 'node:path';
import type { Pipeline } from '@cannectors/config';
import type { RunResult } from '@cannectors/core/run';
import { createHost, discover, type Installed, loadFile, type LogEntry } from '@cannectors/host';

export interface RunPipelineOptions {
  /** Variables for `${NAME}`. Nothing of the test's own environment is seen. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where state is kept, if the pipeline names no other place. */
  readonly storage?: string;
  readonly dryRun?: boolean;
  /**
   * What happens while a pipeline without an end runs: deliveries are sent to it. Then it is stopped.
   */
  readonly meanwhile?: (log: readonly LogEntry[]) => Promise<void>;
  /** Called for every line of the log. */
  readonly onLog?: (entry: LogEntry) => void;
}

/** What a run of a pipeline file did. */
export interface PipelineRun {
  readonly result: RunResult;
  readonly pipeline: Pipeline;
  /** What was printed by outputs that print. */
  readonly printed: string;
  readonly log: readonly LogEntry[];
}

/** Plugins by the folder whose dependencies they are. */
const known = new Map<string, Promise<Installed>>();

/**
 * Runs a pipeline file once, in this process, with the plugins that the nearest `package.json` at or
 * above the file depends on. Whatever its schedule says, it is one run.
 *
 * @throws an Error that lists what is wrong with the file
 */
export async function runPipeline(
  file: string,
  { env = {}, storage, dryRun = false, meanwhile, onLog }: RunPipelineOptions = {},
): Promise<PipelineRun> {
  const folder = path.dirname(path.resolve(file));
  const installed = known.get(folder) ?? discover({ folder });
  known.set(folder, installed);
  const loaded = await loadFile(file, await installed, { env });
  if (loaded.pipeline === undefined || loaded.problems.length > 0) {
    const lines = loaded.problems.map(
      ({ line, pointer, message }) => `${line ?? ''} ${pointer}: ${message}`,
    );
    throw new Error(`${file} cannot run.\n${lines.join('\n')}`);
  }

  const log: LogEntry[] = [];
  const printed: string[] = [];
  const host = createHost({
    installed: await installed,
    sink(entry) {
      log.push(entry);
      onLog?.(entry);
    },
    stdout: {
      write(text, done) {
        printed.push(text);
        done();
      },
    },
    ...(storage !== undefined && { storage }),
  });
  const instance = host.add(loaded, { mode: 'once', dryRun });
  await instance.start();
  await meanwhile?.(log).finally(() => void instance.stop('it was told enough'));
  const { results } = await instance.ended;
  const [result] = results;
  if (result === undefined) throw new Error(`${file} has made no run.`);
  return { result, pipeline: loaded.pipeline, printed: printed.join(''), log };
}
