// The conformance suites for plugins, and what tests of pipelines need: a fake context, failpoints,
// servers on loopback, and the examples runner. A dev dependency, never more.
export type { Cases, FilterCase } from './cases.ts';
export {
  type FakeContext,
  fakeContext,
  type FakeContextOptions,
  type LogLine,
} from './fake-context.ts';
export type { Registry } from './nested-filters.ts';
export { type FilterOptions, testFilter } from './test-filter.ts';
