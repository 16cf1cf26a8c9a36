// Text to pipeline: parse, environment, defaults, both document shapes, problems with line and column.
export type { Catalog, Kind, Manifest, SchemaObject } from './catalog.ts';
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
