import type { Json, JsonRecord } from '@cannectors/core';
import { isRecord } from './is-record.ts';

/**
 * Tells the scope of a loop, which nested filters see as their record, from a record.
 *
 * A record may have a field `record` of its own; only in a loop `_metadata.loop` also says where it
 * stands.
 *
 * @see spec/connectors/templates-and-expressions.md, section 1.1
 */
export function isLoopScope(record: JsonRecord): boolean {
  const metadata = ownValue(record, '_metadata');
  if (!isRecord(metadata) || !isRecord(ownValue(record, 'record'))) return false;
  const loop = ownValue(metadata, 'loop');
  return isRecord(loop) && Object.keys(loop).length > 0;
}

function ownValue(record: JsonRecord, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
