// Text to pipeline: parse, environment, defaults, both document shapes, problems with line and column.
// Reads no file and runs nothing of a plugin: the host gives it texts, manifests and the environment.
export type { Catalog, Kind, Manifest, SchemaObject } from './catalog.ts';
export type { Environment } from './environment.ts';
export { nestedModule } from './modules.ts';
export { type Parsed, parse } from './parse.ts';
export type {
  DeadLetter,
  Defaults,
  DryRunOptions,
  InputModule,
  Module,
  OutputModule,
  Pipeline,
  Problem,
} from './pipeline.ts';
export { pathText } from './pointer.ts';
export type { Position } from './positions.ts';
export { exitCodeOf, problemOf, unreadable } from './problems.ts';
export { type Resolved, resolve, validate, type Validated } from './resolve.ts';
export { pipelineSchema } from './schema.ts';
