import type { Kind, Module, Pipeline } from '@cannectors/config';
import type { Fault, Filter, Log, LogFields, Output } from '@cannectors/core';
import type { Kernel } from './context.ts';
import { filterOfWholeRun, keepsAlone, moduleFailed, wholeRunOfEndless } from './faults.ts';
import type { Installed } from './plugins/installed.ts';
import { loadPlugins } from './plugins/load-plugins.ts';
import { usedModules } from './plugins/used-modules.ts';
import { endlessSchedule } from './schedule/faults.ts';
import { schedule } from './schedule/schedule.ts';
import { isPersistent, stateFolder } from './state/state-folder.ts';
import { takenBy } from './taken-by.ts';
import { workshop } from './workshop.ts';

/** Something that a module, or one of its steps, has to say. The fault points into its config. */
export interface Finding {
  readonly fault: Fault;
  readonly module: Pick<Module, 'pointer'>;
}

/** A line that a module has logged while it was made. */
export interface Remark {
  readonly message: string;
  readonly fields: LogFields;
  readonly module: Pick<Module, 'pointer'>;
}

export interface Checked {
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  /** The input never ends by itself. */
  readonly endless: boolean;
  /** Records are sent to the input. */
  readonly receives: boolean;
  /** An output prints its records on stdout. */
  readonly printsRecords: boolean;
}

/**
 * Checks of a pipeline what only plugins can tell: makes every module, which compiles its text and
 * opens nothing (G7), and throws the stages away. The schedule and the conditions of outputs too.
 */
export async function check(
  pipeline: Pipeline,
  installed: Installed,
  folder: string,
): Promise<Checked> {
  const findings: Finding[] = [];
  const remarks: Remark[] = [];
  const report = (error: unknown, module: Pick<Module, 'pointer'>): void => {
    findings.push({ fault: moduleFailed(error), module });
  };
  const { input, filters, outputs, deadLetter } = pipeline;
  await checkTexts(pipeline, report);

  const { plugins, failures } = await loadPlugins(usedModules(pipeline, installed), installed);
  for (const { used, fault } of failures) {
    findings.push({ fault, module: { pointer: `${used.module.pointer}/type` } });
  }
  if (failures.length > 0) return { findings, remarks, ...unknown };

  const shop = workshop({
    pipeline,
    folder,
    storage: stateFolder(pipeline).folder,
    dryRun: false,
    stdout: { write: (_text, done) => done() },
    kernel: idle,
    logOf: (module) => remarksOf(module, remarks),
    catalog: installed,
    plugins,
    refuse: (error: unknown, _kind: Kind, module: Module) => report(error, module),
  });
  const source = input.enabled ? shop.input(input) : undefined;
  const endless = source?.endless === true;
  const receives = source?.receives === true;
  const targets = deadLetter?.target.type === 'output' ? [deadLetter.target.output] : [];
  for (const module of filters) {
    const isHeld = shop.filters([module]).some(({ filter }) => givesAtTheEnd(filter));
    if (endless && isHeld) report(filterOfWholeRun(), module);
  }
  let printsRecords = false;
  for (const module of [...outputs, ...targets].filter(({ enabled }) => enabled)) {
    const output = shop.output(module);
    const fault = output && misplaced(output, outputs.length === 1 && module === outputs[0]);
    printsRecords ||= output?.stdout === true;
    if (fault !== undefined) report(fault, module);
  }
  if (endless && input.schedule !== undefined) report(endlessSchedule(input.type), input);
  return { findings, remarks, endless, receives, printsRecords };

  /** Why an output cannot do what it is for in this pipeline. */
  function misplaced({ wholeRun, checkpoints }: Output, isOnly: boolean): Fault | undefined {
    if (wholeRun === true && endless) return wholeRunOfEndless();
    const hasPosition = source === undefined || 'commit' in source || isPersistent(pipeline);
    return checkpoints === undefined || (isOnly && hasPosition) ? undefined : keepsAlone();
  }
}

function givesAtTheEnd(filter: Filter): boolean {
  return 'batch' in filter && filter.flush !== undefined && filter.oldest === undefined;
}

/** Compiles what the engine itself compiles: the schedule, and the conditions of outputs. */
async function checkTexts(
  { input, outputs }: Pipeline,
  report: (error: unknown, module: Module) => void,
): Promise<void> {
  if (input.schedule !== undefined) {
    await schedule(input.schedule, input.timezone, new Date()).catch((error: unknown) =>
      report(error, input),
    );
  }
  for (const output of outputs) {
    await takenBy(output).catch((error: unknown) => report(error, output));
  }
}

/** What is told of a pipeline whose modules cannot be made. */
export const unknown = { endless: false, receives: false, printsRecords: false };

/** Stages that are thrown away retry nothing and pass nothing on. */
const idle: Kernel = {
  retry: () => (task) => task(1),
  chain: () => ({ each: (item) => item }),
};

/** A log that keeps what modules warn of, and nothing else. */
function remarksOf(module: Module, remarks: Remark[]): Log {
  const warn = (message: string, fields: LogFields = {}): void => {
    remarks.push({ message, fields, module });
  };
  const silent = (): void => undefined;
  return { debug: silent, info: silent, warn, error: warn };
}
