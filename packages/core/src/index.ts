// The plugin contract: what an input, a filter and an output are, and what they are lent.
// No dependency at all; the executor is behind the other door, `./run`.
export type { Context, Log, LogFields, TextStream } from './context.ts';
export { type Category, Fault, type FaultOptions, faultOf, isFault } from './fault.ts';
export type { BatchFilter, Each, EachFilter, Filter, Refuse } from './filter.ts';
export type { Chunk, Input, Outcome, Unreadable } from './input.ts';
export { type Item, itemOf, type Meta } from './item.ts';
export type { Json, JsonRecord } from './json.ts';
export type {
  CheckpointKeeper,
  KeptCheckpoint,
  Output,
  OutputBatch,
  Preview,
  Rejection,
  WriteResult,
} from './output.ts';
export {
  apiVersion,
  defineFilter,
  defineInput,
  defineOutput,
  type FilterPlugin,
  type InputPlugin,
  type OutputPlugin,
  type Plugin,
} from './plugin.ts';
