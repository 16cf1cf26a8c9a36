// What every plugin does with records: paths into them, copies, merges, values as text, JSON without loss.
// The field of a config that holds a path is behind the other door, `./config`.
export { checkItemName } from './check-item-name.ts';
export { copyOf } from './copy-of.ts';
export { integersOf, markIntegers } from './integers.ts';
export { isLoopScope } from './is-loop-scope.ts';
export { isRecord } from './is-record.ts';
export { jsonText } from './json-text.ts';
export { mergeDeep } from './merge-deep.ts';
export { parseJson } from './parse-json.ts';
export {
  recordPath,
  type RecordPath,
  type Segment,
  segmentsOf,
  targetPath,
} from './record-path.ts';
export { setKey } from './set-key.ts';
export { textOf } from './text-of.ts';
export { typeName } from './type-name.ts';
