// The executor: moves batches from input to outputs, counts every record, saves positions after delivery.
export type * from './run/plan.ts';
export type * from './run/result.ts';
export { type Run, type RetryObserver, type RunOptions, start } from './run/start.ts';
