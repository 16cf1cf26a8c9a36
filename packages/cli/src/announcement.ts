import type { Instance, InstanceEnd } from '@cannectors/host';
import type { Flags } from './flags.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Says what is about to happen. */
export function sayLoaded(
  file: string,
  { pipeline, mode }: Instance,
  flags: Flags,
  screen: Terminal,
): void {
  const { name, version, description } = pipeline;
  const facts = [`pipeline ${name}`, version && `version ${version}`, description];
  const about = flags.verbose ? facts.filter((fact) => fact !== undefined) : [];
  screen.info(() => printable(['Configuration loaded', file, ...about].join('  ')));
  if (flags.dryRun) screen.info(() => 'Dry run: the output will not be sent');
  else if (mode === 'once') screen.info(() => printable(`Executing pipeline  ${name}`));
}

/** Says that a pipeline is at work and how to stop it, unless it ends by itself. */
export function sayStarted(instance: Instance, screen: Terminal): void {
  const { mode, pipeline } = instance;
  if (mode === 'once') return;
  const facts =
    mode === 'scheduled'
      ? [
          'Scheduler started',
          `pipeline ${pipeline.name}`,
          `schedule ${pipeline.input.schedule}`,
          `next run ${instance.nextRun()?.toISOString()}`,
        ]
      : ['Pipeline started', `pipeline ${pipeline.name}`];
  screen.info(() => printable([...facts, 'stop with Ctrl+C'].join('\n  ')));
}

/** Says what a signal leads to. */
export function saySignal(signal: string, screen: Terminal): void {
  screen.info(() => `${signal}: stopping; a second one ends the process at once`);
}

/** Says how a pipeline ended that does not end by itself. */
export function sayStopped({ mode }: Instance, { timedOut }: InstanceEnd, screen: Terminal): void {
  if (timedOut) screen.error(() => 'scheduler stop timeout');
  else if (mode === 'scheduled') screen.info(() => 'Scheduler stopped gracefully');
  else if (mode === 'endless') screen.info(() => 'Pipeline stopped gracefully');
}
