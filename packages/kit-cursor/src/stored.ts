import type { Json } from '@cannectors/core';
import { isRecord } from '@cannectors/kit-record';
import { badCheckpoint } from './faults.ts';
import { type Id, idOf } from './id.ts';
import { type Instant, instantOf } from './instant.ts';

/** What the state file holds, read. */
export interface Stored {
  readonly timestamp?: Instant | undefined;
  readonly id?: Id | undefined;
  readonly offset?: number | undefined;
}

/**
 * Reads a checkpoint. Keys that are missing have no value yet; other keys are ignored.
 *
 * @throws `cursor.bad-checkpoint`
 */
export function storedOf(checkpoint: Json | undefined): Stored {
  if (checkpoint === undefined || checkpoint === null) return {};
  if (!isRecord(checkpoint)) throw badCheckpoint('/', 'an object');
  return {
    timestamp: read(checkpoint['timestamp'], instantOf, 'timestamp', 'a date'),
    id: read(checkpoint['id'], idOf, 'id', 'a text or a number'),
    offset: read(checkpoint['offset'], offsetOf, 'offset', 'a whole number of at least 0'),
  };
}

/** The other way round: a new object each time, which holds nothing that goes on changing. */
export function checkpointOf({ id, timestamp, offset }: Stored): Json {
  return {
    // JSON readers of other tools would round it.
    ...(id !== undefined && { id: typeof id === 'bigint' ? String(id) : id }),
    ...(timestamp !== undefined && { timestamp: timestamp.text }),
    ...(offset !== undefined && { offset }),
  };
}

function read<Value>(
  value: Json | undefined,
  parse: (value: Json) => Value | undefined,
  key: string,
  expected: string,
): Value | undefined {
  if (value === undefined) return undefined;
  const parsed = parse(value);
  if (parsed === undefined) throw badCheckpoint(key, expected);
  return parsed;
}

function offsetOf(value: Json): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
