// The conformance suites for plugins, and what tests of pipelines need: a fake context, failpoints,
// servers on loopback, and the examples runner. A dev dependency, never more.
export type { Cases, FilterCase } from './cases.ts';
export {
  type FakeContext,
  fakeContext,
  type FakeContextOptions,
  type LogLine,
} from './fake-context.ts';
export { completeConfig } from './module-config.ts';
export type { Registry } from './nested-filters.ts';
export type { ExampleDestination, ExampleSource, InputDriver, OutputDriver } from './drivers.ts';
export type { PluginExample } from './plugin-examples.ts';
export type { FilterOptions } from './stories/filter.ts';
export { testFilter } from './test-filter.ts';
export { testInput } from './test-input.ts';
export { testOutput } from './test-output.ts';
export { until, within } from './within.ts';
export * from './api.ts';
export { type Failpoints, failpoints, type Held } from './failpoints.ts';
export { type PipelineRun, runPipeline, type RunPipelineOptions } from './run-pipeline.ts';
export { type ExampleRun, type PipelinesOptions, testPipelines } from './test-pipelines.ts';
