import type { Item, Json, Log } from '@cannectors/core';
import { type RecordPath, recordPath, textOf } from '@cannectors/kit-record';
import type { OffsetPersistence, StatePersistence } from './config.ts';
import { ids } from './id.ts';
import { before, compareInstants, instantOf, instants } from './instant.ts';
import { checkStateNames, type StateVariables, stateVariables } from './state-variables.ts';
import { checkpointOf, type Stored, storedOf } from './stored.ts';
import { watermark } from './watermark.ts';

/** The cursors of an input, made once. */
export interface Cursors {
  /** Without it nothing is kept, and no run gives a checkpoint. */
  readonly isActive: boolean;
  /** Parameter that carries the stored offset, if there is one. */
  readonly offsetParam: string | undefined;
  /**
   * Checks the state variables that a template reads.
   *
   * @throws `cursor.unknown-state`
   */
  checkNames(names: Iterable<string>, pointer: string): void;
  /**
   * Begins a run at what the state file holds. `now` is the start of the run, taken before anything
   * is fetched.
   *
   * @throws `cursor.bad-checkpoint`
   */
  begin(checkpoint: Json | undefined, now: Date): CursorRun;
}

/** The cursors of one run. */
export interface CursorRun {
  /** `state` of templates and expressions. */
  readonly state: StateVariables;
  /** Parameters of every request of this run: names and values. */
  readonly queryParams: ReadonlyMap<string, string>;
  /** Where the `offset` cursor stands: 0 on the first run. */
  readonly offset: number;
  /**
   * Takes the values of a chunk, as it was fetched. Gives the checkpoint that stands for everything
   * up to its end, if the cursors may advance there: `offset` always may, the others only with
   * `ordered`.
   *
   * @param nextOffset where the next chunk begins, if that is not the number of records read
   * @throws `cursor.missing-value`
   */
  observe(items: readonly Item[], nextOffset?: number): Json | undefined;
  /** Ends a run that has read everything, and gives its checkpoint. Not called in one that failed. */
  finish(): Json | undefined;
}

/**
 * Makes the cursors of an input.
 *
 * A cursor is the largest value seen in the raw records, is never less than the stored one, and
 * keeps every digit. The checkpoint has the keys `id`, `timestamp` and `offset`, only those of
 * enabled cursors that have a value.
 *
 * @param pointer where `config` stands in the config of the module
 * @throws `record.forbidden-key`
 * @see spec/connectors/state.md, and spec/runtime/model.md, section 5
 */
export function cursors(
  config: StatePersistence | OffsetPersistence | undefined,
  log: Log,
  pointer = '/statePersistence',
): Cursors {
  const settings = settingsOf(config, pointer);
  const { timestamp, id, offset } = settings;
  const names = new Set(['timestamp', 'id', 'offset'].filter((name) => name in settings));

  return {
    isActive: names.size > 0,
    offsetParam: offset?.queryParam,
    checkNames: (variables, place) => checkStateNames(variables, names, log, place),
    begin(checkpoint, now) {
      const all = storedOf(checkpoint);
      const stored: Stored = {
        timestamp: timestamp && all.timestamp,
        id: id && all.id,
        offset: offset && all.offset,
      };
      return runOf(settings, stored, now, log);
    },
  };
}

interface Cursor {
  /** Absent: the start of the run (`timestamp`), or the number of records (`offset`). */
  readonly path?: RecordPath;
  readonly queryParam?: string | undefined;
}

/** Only what is enabled. */
interface Settings {
  readonly timestamp?: Cursor;
  readonly id?: Cursor;
  readonly offset?: Cursor;
  readonly ordered: boolean;
  readonly onMissing: 'ignore' | 'error';
  readonly overlapMs: number;
}

function settingsOf(
  config: Partial<StatePersistence & OffsetPersistence> | undefined,
  pointer: string,
): Settings {
  const { timestamp, id, offset } = config ?? {};
  const path = (field: string | undefined, cursor: string): Pick<Cursor, 'path'> =>
    field === undefined ? {} : { path: recordPath(field, `${pointer}/${cursor}/field`) };

  return {
    ...(timestamp?.enabled === true && {
      timestamp: { ...path(timestamp.field, 'timestamp'), queryParam: timestamp.queryParam },
    }),
    ...(id?.enabled === true && { id: { ...path(id.field, 'id'), queryParam: id.queryParam } }),
    ...(offset?.enabled === true && { offset: { queryParam: offset.queryParam } }),
    ordered: config?.ordered ?? false,
    onMissing: config?.onMissing ?? 'ignore',
    overlapMs: config?.overlapMs ?? 0,
  };
}

function runOf(settings: Settings, stored: Stored, now: Date, log: Log): CursorRun {
  const { timestamp, id, offset, ordered } = settings;
  const isError = settings.onMissing === 'error';
  const ofIds = id?.path && watermark(ids, id.path, stored.id, isError);
  const ofTimes = timestamp?.path && watermark(instants, timestamp.path, stored.timestamp, isError);
  const used = {
    ...stored,
    timestamp: stored.timestamp && before(stored.timestamp, settings.overlapMs),
  };
  let position = stored.offset;
  let records = 0;

  return {
    state: stateVariables({ ...used, timestamp: used.timestamp?.text }),
    queryParams: parametersOf(settings, used),
    offset: position ?? 0,

    observe(items, nextOffset) {
      for (const { record } of items) {
        ofIds?.observe(record, records);
        ofTimes?.observe(record, records);
        records++;
      }
      if (offset !== undefined) position = nextOffset ?? (position ?? 0) + items.length;
      if (ordered) return checkpointOf({ ...largest(), offset: position });
      return offset === undefined ? undefined : checkpointOf({ ...stored, offset: position });
    },

    finish() {
      ofIds?.finish(log);
      ofTimes?.finish(log);
      if (timestamp === undefined && id === undefined && offset === undefined) return undefined;
      const values = { ...largest(), offset: position };
      const isStart = timestamp !== undefined && timestamp.path === undefined;
      return checkpointOf(isStart ? { ...values, timestamp: startOf(now, stored) } : values);
    },
  };

  /** The start of the run is not among them: it stands for a run that has read everything. */
  function largest(): Stored {
    return {
      id: ofIds?.largest,
      timestamp: ofTimes === undefined ? stored.timestamp : ofTimes.largest,
    };
  }
}

/** A clock that was set back must not move the cursor back. */
function startOf(now: Date, stored: Stored): Stored['timestamp'] {
  const start = instantOf(now.toISOString());
  const isLater =
    start !== undefined &&
    (stored.timestamp === undefined || compareInstants(start, stored.timestamp) > 0);
  return isLater ? start : stored.timestamp;
}

function parametersOf(settings: Settings, used: Stored): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [cursor, value] of [
    [settings.timestamp, used.timestamp?.text],
    [settings.id, used.id],
    [settings.offset, used.offset],
  ] as const) {
    if (cursor?.queryParam !== undefined && value !== undefined) {
      parameters.set(cursor.queryParam, textOf(value));
    }
  }
  return parameters;
}
