// What filters that ask something for each record share: how an answer goes into the record, and the
// cache of answers. The fields of a config are behind the other door, `./config`.
export { type Answers, answers } from './answers.ts';
export { canonicalJson } from './canonical-json.ts';
export type { CacheConfig, CallConfig } from './config.ts';
export { type Merge, merging } from './merging.ts';
