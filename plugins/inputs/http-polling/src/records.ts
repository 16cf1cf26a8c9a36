import { type Item, itemOf, type Json, type JsonRecord } from '@cannectors/core';
import { isRecord, recordPath, typeName } from '@cannectors/kit-record';
import { noData, notJson } from './faults.ts';

/** The records of a response, and how many elements of its list were none. */
export interface Found {
  readonly items: Item[];
  readonly leftOut: number;
}

/** Finds the records in the body of a response. */
export type Finder = (body: Json) => Found;

/** Where a list is looked for when nothing says where it is, in this order. */
const usualNames = ['data', 'items', 'results', 'records'];

/**
 * Makes the finder for responses that are one page of several.
 *
 * @param takesLists a page may be a list itself
 * @throws `record.forbidden-key`; the finder throws `http-polling.not-json`, `http-polling.no-data`
 * @see spec/connectors/http.md, section 2.3
 */
export function pageFinder(dataField: string | undefined, takesLists: boolean): Finder {
  const inObject = objectFinder(dataField);
  return (body) => {
    if (isRecord(body)) {
      const found = inObject(body);
      if (found !== undefined) return found;
      throw noData(`pagination requires dataField or one of ${usualNames.join(', ')}`);
    }
    if (takesLists && Array.isArray(body)) return rootList(body);
    throw notJson(`expected an object, got ${typeName(body)}`);
  };
}

/**
 * Makes the finder for a response that holds everything.
 *
 * @throws `record.forbidden-key`; the finder throws `http-polling.not-json`, `http-polling.no-data`
 * @see spec/connectors/http.md, section 2.2
 */
export function responseFinder(dataField: string | undefined): Finder {
  const inObject = objectFinder(dataField);
  return (body) => {
    if (Array.isArray(body)) return rootList(body);
    if (body === null) return { items: [], leftOut: 0 };
    if (!isRecord(body)) throw notJson(`expected an object or a list, got ${typeName(body)}`);
    return inObject(body) ?? { items: [itemOf(body)], leftOut: 0 };
  };
}

function objectFinder(dataField: string | undefined): (body: JsonRecord) => Found | undefined {
  if (dataField === undefined) {
    return (body) => {
      const list = usualNames.map((name) => body[name]).find((value) => Array.isArray(value));
      return list && listed(list);
    };
  }
  const path = recordPath(dataField, '/dataField');
  return (body) => {
    const value = path.get(body);
    if (value === undefined) throw noData(`field '${dataField}' not found`);
    if (!Array.isArray(value)) throw noData(`expected array, got ${typeName(value)}`);
    return listed(value);
  };
}

/** The elements that are objects. */
function listed(list: readonly Json[]): Found {
  const items: Item[] = [];
  for (const element of list) if (isRecord(element)) items.push(itemOf(element));
  return { items, leftOut: list.length - items.length };
}

/** A list of records, in which nothing but null may be left out. */
function rootList(list: readonly Json[]): Found {
  for (const [index, element] of list.entries()) {
    if (element === null || isRecord(element)) continue;
    throw notJson(`expected an object at index ${index}, got ${typeName(element)}`);
  }
  return listed(list);
}
