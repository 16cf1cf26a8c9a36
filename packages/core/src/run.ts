// The executor: moves batches from input to outputs, counts every record, saves positions after
// delivery. It knows no plugin by name, no file and no network.
export { nestedChain } from './run/nested-chain.ts';
export type * from './run/plan.ts';
export type * from './run/result.ts';
export { pause, retrier } from './run/retry.ts';
export { closePlan, openPlan, runScope } from './run/scope.ts';
export { type Run, type RunOptions, start } from './run/start.ts';
