import type { JsonRecord } from '@cannectors/core';
import type { Draft } from './draft.ts';
import { isRecord } from './json.ts';
import { object, options } from './options.ts';
import type { Module, OutputModule, Pipeline } from './pipeline.ts';
import { complete } from './walk.ts';

/** What a pipeline has besides its names and its modules. */
export type Options = Omit<
  Pipeline,
  | 'name'
  | 'id'
  | 'version'
  | 'description'
  | 'tags'
  | 'labels'
  | 'tenant'
  | 'input'
  | 'filters'
  | 'outputs'
>;

const everyOption = object(options);

/** Fills in what the document leaves out; blocks that are there take their own defaults. */
export function completeOptions({ shape, options }: Draft): Options {
  const { deadLetter, batch, ...said } = options;
  const completed: JsonRecord = {
    onErrorScope: shape === 'flat' ? 'all' : 'records',
    errorMarkers: shape === 'flat' ? 'calls' : 'all',
    ...structuredClone(said),
    ...(isRecord(batch) && {
      batch: Object.fromEntries(Object.entries(batch).filter(([, value]) => value !== null)),
    }),
    ...(deadLetter !== undefined &&
      deadLetter !== false && {
        deadLetter: isRecord(deadLetter) ? structuredClone(deadLetter) : {},
      }),
  };
  complete(everyOption, completed);
  return { shape, ...completed } as unknown as Options;
}

/** An output as the pipeline has it. */
export function outputOf(module: Module, id = module.id ?? module.type): OutputModule {
  const { lag: _, ...output } = module as Module & { lag?: unknown; required?: boolean };
  return { ...output, id, required: output.required ?? true };
}
