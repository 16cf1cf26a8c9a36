import { readFileSync } from 'node:fs';
import type { RunResult } from '@cannectors/core/run';
import { createHost, discover, type Instance, type LoadedFile, loadFile } from '@cannectors/host';
import { sayLoaded, saySignal, sayStarted, sayStopped } from '../announcement.ts';
import type { ExitCode, Invocation } from '../commands.ts';
import { refusalOf, reportInstallation, reportProblems } from '../configuration.ts';
import { payloadNeeded, payloadNotTaken, payloadUnreadable } from '../faults.ts';
import type { Flags } from '../flags.ts';
import { jsonText } from '../json-text.ts';
import { liveLine } from '../live-line.ts';
import { logbook } from '../logbook.ts';
import { explain } from '../refusal.ts';
import { reportResult } from '../report.ts';
import { onSignal } from '../signals.ts';
import { type Terminal, terminal } from '../terminal.ts';

/** Runs a pipeline: once, on its schedule, or until it is stopped. */
export async function run({ words: [file = ''], flags, bin }: Invocation): Promise<ExitCode> {
  const screen = terminal(flags);
  const log = logbook(flags, screen);
  let stop = (_signal: string): unknown => process.exit(3);
  onSignal((signal) => stop(signal));
  process.prependListener('uncaughtException', (error) => {
    log.note('error', 'cannectors stopped', { error: error.message });
  });

  const installed = await discover({ folder: process.cwd(), command: bin });
  const loaded = await loadFile(file, installed, { env: process.env });
  if (loaded.printsRecords) screen.yieldStdout();
  reportProblems(loaded, flags, screen, log);
  if (loaded.exitCode !== 0) {
    reportInstallation(installed, screen);
    if (flags.json) screen.result(`${jsonText(refusalOf(loaded))}\n`);
    return loaded.exitCode;
  }
  const type = loaded.pipeline?.input.type ?? '';
  if (flags.payload !== undefined && !loaded.receives) throw payloadNotTaken(type);
  if (flags.payload === undefined && flags.dryRun && loaded.receives) {
    explain(payloadNeeded(type), flags);
    return 1;
  }
  const delivery = flags.payload === undefined ? undefined : bodyIn(flags.payload);

  const host = createHost({
    installed,
    sink: log.write,
    level: log.level,
    stdout: flags.json ? process.stderr : process.stdout,
  });
  const instance = host.add(shown(loaded, flags), {
    mode: flags.once ? 'once' : 'auto',
    dryRun: flags.dryRun,
    ...(delivery !== undefined && { delivery }),
  });
  sayLoaded(file, instance, flags, screen);
  stop = (signal) => {
    saySignal(signal, screen);
    return instance.stop(signal);
  };
  return await follow(instance, flags, screen);
}

/** Starts a pipeline and stays with it until it has ended. */
async function follow(instance: Instance, flags: Flags, screen: Terminal): Promise<ExitCode> {
  const closeLiveLine = liveLine(screen, () => instance.progress());
  const report = (result: RunResult) => reportResult(result, instance, flags, screen);
  instance.onRun(report);
  try {
    await instance.start();
    sayStarted(instance, screen);
    const end = await instance.ended;
    closeLiveLine();
    sayStopped(instance, end, screen);
    return end.exitCode;
  } catch (error) {
    // Most faults are the error of a run that could not begin, and then that is what is told.
    const { results } = await instance.ended;
    closeLiveLine();
    if (results.length === 0) throw error;
    results.forEach(report);
    return 3;
  }
}

function bodyIn(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw payloadUnreadable(file, error);
  }
}

/** With `--verbose` a dry run shows every operation. */
function shown(loaded: LoadedFile, { verbose }: Flags): LoadedFile {
  const { pipeline } = loaded;
  if (pipeline === undefined || !verbose) return loaded;
  const dryRunOptions = { ...pipeline.dryRunOptions, previewLimit: Infinity };
  return { ...loaded, pipeline: { ...pipeline, dryRunOptions } };
}
