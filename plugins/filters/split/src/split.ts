import type { Context, EachFilter, Item, Json, JsonRecord, Meta } from '@cannectors/core';
import {
  checkItemName,
  copyOf,
  isRecord,
  jsonText,
  recordPath,
  typeName,
} from '@cannectors/kit-record';
import type { Config } from './config.ts';
import { keptTwice, missingList, notAList, sameKey, tooLarge } from './faults.ts';
import { shareOf } from './share.ts';

/** So many records of one are made without a look at how much memory they take. */
const few = 16;
/** What a record takes beside its share of the old one. */
const ownBytes = 200;

export function split(
  { field, itemName, include, parentKey, onEmpty }: Config,
  { limits }: Pick<Context, 'limits'>,
): EachFilter {
  checkItemName(itemName, '/itemName');
  if (parentKey !== undefined) {
    checkItemName(parentKey, '/parentKey');
    if (include !== undefined) throw keptTwice();
    if (parentKey === itemName) throw sameKey(itemName);
  }
  const path = recordPath(field, '/field');
  const share = shareOf({
    ...(include !== undefined && { include }),
    ...(parentKey !== undefined && { parentKey }),
  });
  const maxBytes = 4 * limits.maxRecordBytes;

  return {
    each({ record, meta }, _, index) {
      const list = listIn(record, index);
      if (list.length === 0 && onEmpty === 'drop') return null;
      if (list.length > few) checkSize(record, list);

      path.delete(record);
      const scratch = scratchOf(record);
      if (list.length === 0) {
        return { record: scratch.onto(share(record, true), { total: 0 }), meta };
      }
      return list.map((element, at): Item => {
        const child = share(record, at === list.length - 1);
        child[itemName] = element;
        return {
          record: scratch.onto(child, { index: at, total: list.length }),
          meta: metaOf(meta, at),
        };
      });
    },
  };

  function listIn(record: JsonRecord, index: number): Json[] {
    const list = path.get(record);
    if (list === undefined || list === null) throw missingList(field, index);
    if (!Array.isArray(list)) throw notAList(field, typeName(list), index);
    return list;
  }

  /** G9: one record cannot become more than memory holds. */
  function checkSize(record: JsonRecord, list: Json[]): void {
    const kept = jsonText(share(record, true)).length;
    const withoutList = include === undefined ? kept - jsonText(list).length : kept;
    const bytes = list.length * (withoutList + ownBytes);
    if (bytes > maxBytes) throw tooLarge(list.length, bytes, maxBytes);
  }

  /** Takes `_metadata` and `_errors` off the record: each new one gets a copy, whatever else it keeps. */
  function scratchOf(record: JsonRecord) {
    const metadata = recordIn(record, '_metadata');
    const before = recordIn(metadata, 'split');
    const errors = Object.hasOwn(record, '_errors') ? record['_errors'] : undefined;
    delete record['_metadata'];
    delete record['_errors'];
    return {
      onto(child: JsonRecord, place: JsonRecord): JsonRecord {
        child['_metadata'] = {
          ...copyOf(metadata),
          split: { ...copyOf(before), [itemName]: place },
        };
        if (errors !== undefined) child['_errors'] = copyOf(errors);
        return child;
      },
    };
  }
}

function recordIn(record: JsonRecord, key: string): JsonRecord {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return isRecord(value) ? value : {};
}

/** The ids of the new records follow from that of the old one, so a replay makes the same. */
function metaOf(meta: Meta, index: number): Meta {
  return meta.id === undefined ? meta : { ...meta, id: `${meta.id}#${index}` };
}
