import { createHash, type Hash } from 'node:crypto';
import type { Item, Json, JsonRecord } from '@cannectors/core';
import { copyOf, isRecord, jsonText, recordPath, targetPath } from '@cannectors/kit-record';
import { type Calculation, calculators } from './calculations.ts';
import type { Config } from './config.ts';

/** What records of one group have become so far. */
export interface Group {
  /** Number of its first record among those that the filter was given. */
  readonly first: number;
  /** Where its window begins. */
  readonly start: number | undefined;
  readonly keys: readonly (Json | undefined)[];
  readonly calculations: readonly Calculation[];
  readonly members: JsonRecord[];
  records: number;
  /** What counts against `maxBuffered`. */
  weight: number;
  firstId: string | undefined;
  ids: Hash | undefined;
}

type Shape = Pick<Config, 'groupBy' | 'into' | 'fields'>;

/** Everything about groups that is known before the first record. */
export function shapeOf({ groupBy = [], into, fields }: Shape) {
  const isOne = typeof groupBy === 'string';
  const keys = (isOne ? [groupBy] : groupBy).map((source, index) => {
    const pointer = isOne ? '/groupBy' : `/groupBy/${index}`;
    return { from: recordPath(source, pointer), to: targetPath(source, pointer) };
  });
  const list = into === undefined ? undefined : targetPath(into, '/into');
  const columns = Object.entries(fields).map(([target, what]) => {
    const pointer = `/fields/${target.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [name, field] = Object.entries(what === 'count' ? {} : what)[0] ?? ['count', undefined];
    return {
      target: targetPath(target, pointer),
      source: field === undefined ? undefined : recordPath(field, `${pointer}/${name}`),
      field: field ?? '',
      name: name as keyof typeof calculators,
    };
  });

  return {
    keysOf: (record: JsonRecord) => keys.map(({ from }) => from.get(record)),
    /** Per calculation the value that it would take; `undefined`: none. */
    valuesOf: (record: JsonRecord): (Json | undefined)[] =>
      columns.map(({ source }) =>
        source === undefined ? true : (source.get(record) ?? undefined),
      ),
    /** What a record adds to the weight of its group. */
    weightOf: (values: readonly (Json | undefined)[]): number =>
      (list === undefined ? 0 : 1) +
      columns.filter(({ name }, index) => name === 'list' && values[index] !== undefined).length,
    open: (record: JsonRecord, first: number, start: number | undefined): Group => ({
      first,
      start,
      keys: keys.map(({ from }) => from.get(record)),
      calculations: columns.map(({ name, field }) => calculators[name](field)),
      members: [],
      records: 0,
      weight: 1,
      firstId: undefined,
      ids: undefined,
    }),
    take(group: Group, { record, meta }: Item, values: readonly (Json | undefined)[]): void {
      for (const [index, value] of values.entries()) {
        if (value !== undefined && value !== null) group.calculations[index]?.take(value);
      }
      group.records++;
      if (list !== undefined) {
        delete record['_metadata'];
        group.members.push(record);
      }
      if (meta.id === undefined) return;
      group.firstId ??= meta.id;
      group.ids ??= createHash('sha256');
      group.ids.update(meta.id).update('\0');
    },
    /** Makes the one record of a group. */
    give(group: Group, sizeMs: number | undefined): Item {
      const record: JsonRecord = {};
      for (const [index, { to }] of keys.entries()) {
        const value = group.keys[index];
        if (value !== undefined) to.set(record, copyOf(value));
      }
      for (const [index, { target }] of columns.entries()) {
        target.set(record, group.calculations[index]?.result() ?? null);
      }
      list?.set(record, group.members);
      if (group.start !== undefined && sizeMs !== undefined) {
        record['_metadata'] = {
          ...(isRecord(record['_metadata']) && record['_metadata']),
          window: { start: dateAt(group.start), end: dateAt(group.start + sizeMs) },
        };
      }
      return { record, meta: metaOf(group) };
    },
  };
}

/** The same values make the same text: a number is no text, a missing value no null. */
export function keyText(keys: readonly (Json | undefined)[], start: number | undefined): string {
  return `${start ?? ''}|${keys.map((key) => (key === undefined ? '' : jsonText(key))).join()}`;
}

function dateAt(time: number): string {
  return new Date(time).toISOString();
}

/** An id that follows from those of all its records: a replay with other records has another one. */
function metaOf({ firstId, ids }: Group): Item['meta'] {
  if (firstId === undefined || ids === undefined) return {};
  return { id: `${firstId}#${ids.digest('hex').slice(0, 16)}` };
}
