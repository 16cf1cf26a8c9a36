import type { BatchFilter, Fault, Item } from '@cannectors/core';
import type { Config } from './config.ts';
import { markedMember, noTime, overflow } from './faults.ts';
import { type Group, keyText, shapeOf } from './group.ts';
import { windowsOf } from './window.ts';

/** @param now the clock of windows without a field: milliseconds since 1970 */
export function aggregate(
  { per, window, maxSize = Infinity, maxBuffered, onOverflow, ...config }: Config,
  _context?: unknown,
  now: () => number = Date.now,
): BatchFilter {
  const shape = shapeOf(config);
  const windows = window && windowsOf(window, now);
  /** In the order of their first records: the first one is the oldest. */
  const groups = new Map<string, Group>();
  let given = 0;
  let weight = 0;
  /** No window that begins before is open. */
  let earliest = Infinity;

  const give = (key: string, group: Group): Item => {
    groups.delete(key);
    weight -= group.weight;
    return shape.give(group, windows?.sizeMs);
  };
  const giveAll = (out: Item[]): Item[] => {
    earliest = Infinity;
    for (const [key, group] of groups) out.push(give(key, group));
    return out;
  };
  const giveOver = (out: Item[]): Item[] => {
    const until = windows?.overUntil() ?? -Infinity;
    if (earliest > until) return out;
    earliest = Infinity;
    for (const [key, group] of groups) {
      const { start = Infinity } = group;
      if (start <= until) out.push(give(key, group));
      else earliest = Math.min(earliest, start);
    }
    return out;
  };

  /** Takes a record into its group, and gives what is complete with it, or why it cannot be taken. */
  const take = (item: Item, out: Item[]): Fault | undefined => {
    const { record } = item;
    const ordinal = given++;
    if (hasMarkers(item)) return markedMember();
    const start = windows?.startOf(record);
    if (windows !== undefined && start === undefined) return noTime(window?.field ?? '');

    const key = keyText(shape.keysOf(record), start);
    const values = shape.valuesOf(record);
    const fault = refusal(groups.get(key) ?? shape.open(record, ordinal, start), values);
    if (fault !== undefined) return fault;

    const added = shape.weightOf(values);
    if (weight + added + (groups.has(key) ? 0 : 1) > maxBuffered) {
      if (onOverflow === 'fail' || groups.size === 0) return overflow(maxBuffered);
      giveAll(out);
    }
    const group = groups.get(key) ?? shape.open(record, ordinal, start);
    weight += added + (groups.has(key) ? 0 : group.weight);
    group.weight += added;
    groups.set(key, group);
    shape.take(group, item, values);
    earliest = Math.min(earliest, start ?? Infinity);
    if (start !== undefined) windows?.saw(record);
    if (group.records >= maxSize) out.push(give(key, group));
    return undefined;
  };

  const batch: BatchFilter['batch'] = (items, _, refuse) => {
    const out: Item[] = [];
    for (const [index, item] of items.entries()) {
      const fault = take(item, out);
      if (fault !== undefined && refuse(index, fault)) out.push(item);
    }
    return per === 'batch' ? giveAll(out) : giveOver(out);
  };
  const flush = (): Item[] => {
    given = 0;
    windows?.reset();
    return giveAll([]);
  };

  if (per === 'batch') return { batch };
  if (windows === undefined) return { batch, flush };
  return {
    batch,
    flush,
    oldest: () => groups.values().next().value?.first,
    dueAt: () => performance.now() + (groups.size === 0 ? Infinity : windows.restMs(earliest)),
  };
}

function hasMarkers({ record }: Item): boolean {
  const markers = Object.hasOwn(record, '_errors') ? record['_errors'] : undefined;
  return Array.isArray(markers) && markers.length > 0;
}

function refusal(group: Group, values: ReturnType<ReturnType<typeof shapeOf>['valuesOf']>) {
  for (const [index, value] of values.entries()) {
    if (value === undefined || value === null) continue;
    const fault = group.calculations[index]?.refuses?.(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
