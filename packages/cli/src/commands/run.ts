import { createHost, discover, type Instance, loadFile } from '@cannectors/host';
import { sayLoaded, saySignal, sayStarted, sayStopped } from '../announcement.ts';
import type { ExitCode, Invocation } from '../commands.ts';
import { refusalOf, reportProblems } from '../configuration.ts';
import type { Flags } from '../flags.ts';
import { jsonText } from '../json-text.ts';
import { liveLine } from '../live-line.ts';
import { logbook } from '../logbook.ts';
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
    if (flags.json) screen.result(`${jsonText(refusalOf(loaded))}\n`);
    return loaded.exitCode;
  }

  const host = createHost({
    installed,
    sink: log.write,
    level: log.level,
    stdout: flags.json ? process.stderr : process.stdout,
  });
  const instance = host.add(loaded, { mode: flags.once ? 'once' : 'auto', dryRun: flags.dryRun });
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
  instance.onRun((result) => reportResult(result, instance, flags, screen));
  const isUp = await instance.start().then(
    () => true,
    () => false, // The fault is the error of the run that it ends with.
  );
  if (isUp) sayStarted(instance, screen);
  const end = await instance.ended;
  closeLiveLine();
  if (isUp) sayStopped(instance, end, screen);
  else for (const result of end.results) reportResult(result, instance, flags, screen);
  return end.exitCode;
}
