import type { Log } from '@cannectors/core';
import { textOf } from '@cannectors/kit-record';
import { unknownState } from './faults.ts';
import type { Id } from './id.ts';

/** What templates and expressions see as `state`. */
export type StateVariables = {
  /** RFC 3339; on the first run the start of 1970. */
  readonly lastTimestamp: string;
  /** Text; null on the first run. */
  readonly lastId: string | null;
  readonly timestamp: string | null;
  readonly id: Id | null;
  readonly offset: number | null;
};

/** The cursor that each variable belongs to. */
const cursorOf: Readonly<Record<string, 'timestamp' | 'id' | 'offset'>> = {
  lastTimestamp: 'timestamp',
  lastId: 'id',
  timestamp: 'timestamp',
  id: 'id',
  offset: 'offset',
};

/** Makes the variables of a run; what has no value yet is null. */
export function stateVariables(stored: {
  readonly timestamp?: string | undefined;
  readonly id?: Id | undefined;
  readonly offset?: number | undefined;
}): StateVariables {
  const { timestamp, id, offset } = stored;
  return {
    lastTimestamp: timestamp ?? '1970-01-01T00:00:00Z',
    lastId: id === undefined ? null : textOf(id),
    timestamp: timestamp ?? null,
    id: id ?? null,
    offset: offset ?? null,
  };
}

/**
 * Checks the state variables that a template reads, and warns of one that nobody stores.
 *
 * @throws `cursor.unknown-state`
 */
export function checkStateNames(
  names: Iterable<string>,
  enabled: ReadonlySet<string>,
  log: Log,
  pointer: string,
): void {
  for (const variable of names) {
    const cursor = Object.hasOwn(cursorOf, variable) ? cursorOf[variable] : undefined;
    if (cursor === undefined) throw unknownState(variable, Object.keys(cursorOf), pointer);
    if (!enabled.has(cursor)) {
      log.warn(
        'pipeline reads a state variable it does not persist; every run will start from the epoch',
        { variable },
      );
    }
  }
}
