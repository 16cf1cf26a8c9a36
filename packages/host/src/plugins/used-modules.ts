import {
  type Catalog,
  type Kind,
  type Manifest,
  type Module,
  nestedModule,
  type Pipeline,
} from '@cannectors/config';
import type { JsonRecord } from '@cannectors/core';
import { marks } from './marks.ts';

/** A module of a pipeline, at any depth, and what its package says about it. */
export interface UsedModule {
  readonly kind: Kind;
  readonly module: Module;
  readonly manifest: Manifest;
}

/** Lists the modules of a pipeline, those of nested lists too. What is disabled is left out. */
export function usedModules(pipeline: Pipeline, catalog: Catalog): UsedModule[] {
  const { input, filters, outputs, deadLetter } = pipeline;
  const ofDeadLetters = deadLetter?.target.type === 'output' ? [deadLetter.target.output] : [];

  const withNested = (kind: Kind, module: Module): UsedModule[] => {
    const manifest = catalog.find(kind, module.type);
    if (!module.enabled || manifest === undefined) return [];
    const nested = marks(module.config, manifest.schema())
      .filter(({ mark }) => mark === 'filters')
      .flatMap(({ value, pointer }) => nestedModules(value, module.pointer + pointer));
    return [{ kind, module, manifest }, ...nested.flatMap((step) => withNested('filter', step))];
  };

  return [
    ...withNested('input', input),
    ...filters.flatMap((filter) => withNested('filter', filter)),
    ...[...outputs, ...ofDeadLetters].flatMap((output) => withNested('output', output)),
  ];
}

/** Reads a list of steps, complete as config leaves them, that stands at `pointer`. */
export function nestedModules(steps: unknown, pointer: string): Module[] {
  if (!Array.isArray(steps)) return [];
  return steps.map((step, index) => nestedModule(step as JsonRecord, `${pointer}/${index}`));
}
