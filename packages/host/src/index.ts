// Manifests to plugins, files to pipelines, pipelines to runs: once, on schedule, or without an end,
// several in one process. What it keeps lies in the state folder.
export { discover, type DiscoverOptions } from './discover.ts';
export {
  fileStore,
  type PipelineStore,
  type StateFile,
  stateFile,
  type StateStore,
} from './file-store.ts';
export { type Installed, installed } from './installed.ts';
export type { LogEntry, LogLevel, LogSink } from './log.ts';
export type { Registration, Scheduler, Tick } from './scheduler.ts';
