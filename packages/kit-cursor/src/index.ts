// Cursors: how far an input has read, taken from its raw records. What they give is a checkpoint, the
// query parameters and the `state` variables of the next run; the state file itself is the host's.
export type { OffsetPersistence, StatePersistence } from './config.ts';
export { type CursorRun, type Cursors, cursors } from './cursors.ts';
export type { StateVariables } from './state-variables.ts';
