import {
  type Context,
  type EachFilter,
  isFault,
  type Json,
  type JsonRecord,
} from '@cannectors/core';
import { copyOf, markIntegers, recordPath, targetPath } from '@cannectors/kit-record';
import type { Config, Entry } from './config.ts';
import { inMapping, missingField, noDefault, type Place, unusablePath } from './faults.ts';
import { givesInteger, transformer } from './transforms/transformer.ts';

export function mapping({ mappings }: Config, { log }: Pick<Context, 'log'>): EachFilter {
  const steps = mappings.map((entry, position) => stepOf(entry, position, log));
  const integers = new Set(mappings.filter(givesInteger).map(({ target }) => target));

  return {
    each(item, _signal, index) {
      const { record } = item;
      for (const step of steps) step(record, index);
      if (integers.size > 0) markIntegers(record, integers);
      return item;
    },
  };
}

/** One entry. When it throws, what the entries before it wrote stays: `onError: log` keeps it. */
type Step = (record: JsonRecord, index: number) => void;

function stepOf(entry: Entry, position: number, log: Context['log']): Step {
  const pointer = `/mappings/${position}`;
  const target = targetPath(entry.target, `${pointer}/target`);
  if (entry.source === undefined) return (record) => target.delete(record);

  const source = recordPath(entry.source, `${pointer}/source`);
  const transform = transformer(entry.transforms, `${pointer}/transforms`);
  const substitute = substituteOf(entry, position);
  // An object never stands in two places; in its own place it may stay.
  const isCopy = entry.source !== entry.target;

  return (record, index) => {
    const found = source.get(record) ?? substitute(index);
    if (found === undefined) return;
    try {
      const value = isCopy && typeof found === 'object' ? copyOf(found) : found;
      target.set(record, value === null ? null : transform(value));
    } catch (error) {
      log.debug('value that could not be mapped', {
        mapping_index: position,
        record_index: index,
        source_value: found,
      });
      throw explained(error, placeOf(entry, position, index));
    }
  };
}

/** What stands for a value that is missing or null; `undefined`: the target is left alone. */
function substituteOf(entry: Entry, position: number): (index: number) => Json | undefined {
  const { onMissing, defaultValue } = entry;
  switch (onMissing) {
    case 'setNull':
      return () => null;
    case 'skipField':
      return () => undefined;
    case 'useDefault':
      if (defaultValue === undefined) throw noDefault(`/mappings/${position}/defaultValue`);
      return () => copyOf(defaultValue);
    case 'fail':
      return (index) => {
        throw missingField(placeOf(entry, position, index));
      };
  }
}

function placeOf({ source, target }: Entry, mapping: number, record: number): Place {
  return { source, target, mapping, record };
}

function explained(error: unknown, place: Place): unknown {
  if (!isFault(error)) return error;
  return error.code === 'record.bad-path' ? unusablePath(place, error) : inMapping(error, place);
}
