import {
  type Kind,
  type Module,
  type OutputModule,
  pathText,
  type Pipeline,
} from '@cannectors/config';
import { isFault, type Log, type Output } from '@cannectors/core';
import { nestedChain, type OutputStage, type Plan, retrier, runScope } from '@cannectors/core/run';
import type { Kernel, Surroundings } from './context.ts';
import { deadLetterFile, type DeadLetters } from './dead-letters/dead-letter-file.ts';
import { deadLetterOutput } from './dead-letters/dead-letter-output.ts';
import { creationFailed, moduleDisabled, moduleFailed } from './faults.ts';
import type { Installed } from './plugins/installed.ts';
import { loadPlugins } from './plugins/load-plugins.ts';
import { usedModules } from './plugins/used-modules.ts';
import type { Scrub } from './scrub.ts';
import { stateFolder } from './state/state-folder.ts';
import { takenBy } from './taken-by.ts';
import { workshop } from './workshop.ts';

/** A pipeline, ready to run. */
export interface Built {
  readonly plan: Plan;
  readonly deadLetters?: DeadLetters;
}

export interface BuildOptions extends Omit<Surroundings, 'kernel' | 'storage'> {
  readonly installed: Installed;
  readonly log: Log;
  readonly scrub: Scrub;
  /** Folder of the state of pipelines that name none. */
  readonly storage?: string;
}

/**
 * Builds a pipeline: imports its plugins and makes its stages. Opens nothing.
 *
 * @throws `INPUT_CREATION_FAILED`, `FILTER_CREATION_FAILED`, `OUTPUT_CREATION_FAILED`, naming the
 *   module and the cause
 */
export async function build(options: BuildOptions): Promise<Built> {
  const { pipeline, installed, logOf } = options;
  const scope = runScope();
  const storage = stateFolder(pipeline, options.storage).folder;
  const { plugins, failures } = await loadPlugins(usedModules(pipeline, installed), installed);
  const [failure] = failures;
  if (failure !== undefined) refuse(failure.fault, failure.used.kind, failure.used.module);
  const kernel: Kernel = {
    retry: (policy, log) => retrier(policy, log, scope.retries),
    chain: (stages, passOver) => nestedChain(stages, scope, passOver),
  };
  const shop = workshop({ ...options, storage, kernel, catalog: installed, plugins, refuse });

  const enabled = (kind: Kind, module: Module): void => {
    if (!module.enabled) refuse(moduleDisabled(), kind, module);
  };
  const stageOf = (module: Module) => ({
    type: module.type,
    path: pathText(module.pointer),
    onError: module.onError,
    log: logOf(module),
  });
  const outputOf = (module: OutputModule): Output => {
    enabled('output', module);
    return shop.output(module) as Output;
  };
  const outputStage = async (module: OutputModule): Promise<OutputStage> => {
    const { id, required } = module;
    const output = outputOf(module);
    const when = await takenBy(module).catch((error: unknown) => refuse(error, 'output', module));
    return { ...stageOf(module), id, required, output, ...(when !== undefined && { when }) };
  };

  enabled('input', pipeline.input);
  const input = shop.input(pipeline.input) as Plan['input']['input'];
  const filters = shop.filters(pipeline.filters);
  const outputs = await Promise.all(pipeline.outputs.map(outputStage));
  const plan: Plan = {
    ...settingsOf(pipeline),
    input: { ...stageOf(pipeline.input), input },
    filters,
    outputs,
    scope,
  };
  if (pipeline.deadLetter === undefined || options.dryRun) return { plan };
  return { plan, deadLetters: deadLettersOf(pipeline, pipeline.deadLetter, options, outputOf) };
}

function settingsOf(pipeline: Pipeline): Omit<Plan, 'input' | 'filters' | 'outputs' | 'scope'> {
  const { name, routing, unmatched, commitPolicy, onErrorScope, memory, checkpoint } = pipeline;
  const { batch, outputDeadlineMs, deadLetter } = pipeline;
  return {
    name,
    routing,
    unmatched,
    commitPolicy,
    onErrorScope,
    memory,
    checkpointIntervalMs: checkpoint.intervalMs,
    ...(batch !== undefined && { batch }),
    ...(outputDeadlineMs !== undefined && { outputDeadlineMs }),
    ...(deadLetter !== undefined && {
      deadLetter: { transient: deadLetter.transient, maxRate: deadLetter.maxRate },
    }),
  };
}

function deadLettersOf(
  { name }: Pipeline,
  policy: NonNullable<Pipeline['deadLetter']>,
  { pipeline, storage, log, scrub }: BuildOptions,
  outputOf: (module: OutputModule) => Output,
): DeadLetters {
  const { target } = policy;
  const place = stateFolder(pipeline, storage);
  const file = (): DeadLetters => deadLetterFile({ pipeline: name, place, policy, log, scrub });
  if (target.type === 'store') return file();
  return deadLetterOutput({
    pipeline: name,
    id: target.output.id,
    output: outputOf(target.output),
    scrub,
    ...(target.onFailure === 'store' && { store: file() }),
  });
}

/** Says which module cannot be made, and why. */
function refuse(error: unknown, kind: Kind, module: Module): never {
  // A step of a nested list has said it already.
  if (isFault(error) && error.code.endsWith('_CREATION_FAILED')) throw error;
  throw creationFailed(kind, module, moduleFailed(error));
}
