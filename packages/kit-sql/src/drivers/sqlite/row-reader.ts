import type { SQLOutputValue, StatementColumnMetadata } from 'node:sqlite';
import type { Json, JsonRecord } from '@cannectors/core';
import { markIntegers, setKey } from '@cannectors/kit-record';
import type { ValueOptions } from '../../database.ts';
import { affinityOf, isBoolean, isInstant } from './column-type.ts';

/** Makes records of the rows of one statement. */
export interface RowReader {
  /** Columns that are declared as dates. */
  readonly instants: readonly string[];
  record(row: readonly SQLOutputValue[]): JsonRecord;
}

type Decode = (value: SQLOutputValue) => Json;

/** Finds out once for a statement how its values become JSON. */
export function rowReader(
  columns: readonly StatementColumnMetadata[],
  options: ValueOptions,
): RowReader {
  const names = columns.map(({ name }) => name);
  const decoders = columns.map(({ type }) => decoderOf(type ?? '', options));
  const instants = columns.filter(({ type }) => isInstant(type ?? ''));
  const integers = integersIn(columns);
  const isOdd = names.includes('__proto__');

  return {
    instants: [...new Set(instants.map(({ name }) => name))],
    record(row) {
      const record: JsonRecord = {};
      for (let index = 0; index < names.length; index++) {
        const decode = decoders[index] as Decode;
        const name = names[index] as string;
        const value = decode(row[index] as SQLOutputValue);
        if (isOdd) setKey(record, name, value);
        else record[name] = value;
      }
      const whole = integers(row);
      if (whole.size > 0) markIntegers(record, whole);
      return record;
    },
  };
}

/**
 * Tells which columns of a row hold integers: those that are declared so, and of those without a type, such
 * as `COUNT(*)`, the ones that hold one now. Rows with the same columns share a set.
 */
function integersIn(
  columns: readonly StatementColumnMetadata[],
): (row: readonly SQLOutputValue[]) => ReadonlySet<string> {
  const declared = columns.filter(({ type }) => affinityOf(type ?? '') === 'integer');
  const always: ReadonlySet<string> = new Set(declared.map(({ name }) => name));
  const open = columns.flatMap(({ type, name }, index) => (type === null ? [{ name, index }] : []));
  if (open.length === 0) return () => always;

  const sets = new Map<string, ReadonlySet<string>>();
  return (row) => {
    let shape = '';
    for (const { index } of open) shape += typeof row[index] === 'bigint' ? '1' : '0';
    let set = sets.get(shape);
    if (set === undefined) {
      set = always.union(
        new Set(open.filter((_, at) => shape[at] === '1').map(({ name }) => name)),
      );
      sets.set(shape, set);
    }
    return set;
  };
}

function decoderOf(type: string, { int64, binary }: ValueOptions): Decode {
  const encoding = binary === 'text' ? 'utf8' : 'base64';
  const bytes = (value: Uint8Array): string => {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(encoding);
  };
  const decode: Decode = (value) => {
    if (typeof value === 'bigint') return integer(value, int64);
    return typeof value === 'object' && value !== null ? bytes(value) : value;
  };
  if (isBoolean(type)) {
    return (value) => (value === 0n || value === 1n ? value === 1n : decode(value));
  }
  if (isInstant(type)) {
    return (value) => (typeof value === 'string' ? instant(value) : decode(value));
  }
  return decode;
}

function integer(value: bigint, int64: ValueOptions['int64']): number | bigint | string {
  const number = Number(value);
  if (int64 === 'number' || Number.isSafeInteger(number)) return number;
  return int64 === 'string' ? String(value) : value;
}

const written =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d(?:\.\d+)?))?\s*(Z|[+-]\d\d:\d\d)?)?$/i;

/** The forms that SQLite's own functions read become RFC 3339; without a zone they are UTC. */
function instant(text: string): string {
  const [, date, time = '00:00', seconds = '00', zone = 'Z'] = written.exec(text) ?? [];
  return date === undefined ? text : `${date}T${time}:${seconds}${zone.toUpperCase()}`;
}
