// Manifests to plugins, files to pipelines, pipelines to runs: once, on schedule, or without an end,
// several in one process. What it keeps lies in the state folder.
export type { Clock } from './schedule/clock.ts';
export type { Entry } from './dead-letters/entry.ts';
export { readDeadLetters } from './dead-letters/read-dead-letters.ts';
export { discover, type DiscoverOptions } from './plugins/discover.ts';
export {
  fileStore,
  type FileStoreOptions,
  type PipelineStore,
  type PipelineStoreOptions,
  type StateFile,
  stateFile,
  type StateStore,
} from './state/file-store.ts';
export { type AddOptions, createHost, type Host, type HostOptions } from './host.ts';
export type { Instance, InstanceEnd, Mode } from './instance.ts';
export { type Installed, installed, type Layer } from './plugins/installed.ts';
export { type LoadedFile, loadFile, type LoadOptions } from './load-file.ts';
export type { LogEntry, LogLevel, LogSink } from './log.ts';
export { type Found, manifestOf, type Package, readPackage } from './plugins/manifest.ts';
export type { Schedule } from './schedule/schedule.ts';
export { type Registration, type Scheduler, type Tick, timers } from './schedule/scheduler.ts';
