import { isUtf8 } from 'node:buffer';
import { type Item, itemOf, type Json, type JsonRecord } from '@cannectors/core';
import { isRecord, parseJson, recordPath } from '@cannectors/kit-record';

/** Makes records of a body; `undefined` if there are none to be made of it. */
export type PayloadReader = (body: Buffer) => Item[] | undefined;

/** Where a list is looked for when nothing says where it is, in this order. */
const usualNames = ['data', 'items', 'results', 'records'];

/**
 * Makes the reader of an endpoint. A body is JSON, whatever its `Content-Type` says (S4).
 *
 * @throws `record.bad-path`, `record.forbidden-key`
 * @see spec/connectors/webhook.md, section 3
 */
export function payloadReader(dataField: string | undefined, pointer: string): PayloadReader {
  const path = dataField === undefined ? undefined : recordPath(dataField, pointer);
  const inObject = (payload: JsonRecord): Item[] | undefined =>
    path === undefined ? usualList(payload) : listed(path.get(payload));

  return (body) => {
    const payload = jsonOf(body);
    if (payload === null) return [];
    return isRecord(payload) ? inObject(payload) : listed(payload);
  };
}

/** The JSON value of a body, `undefined` if it holds none. */
export function jsonOf(body: Buffer): Json | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return parseJson(body.toString());
  } catch {
    return undefined;
  }
}

function usualList(payload: JsonRecord): Item[] {
  for (const name of usualNames) {
    const list = payload[name];
    const items = Array.isArray(list) ? listed(list) : undefined;
    if (items !== undefined) return items;
  }
  return [itemOf(payload)];
}

/** A list of objects, or nothing. */
function listed(list: Json | undefined): Item[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const items: Item[] = [];
  for (const element of list) {
    if (!isRecord(element)) return undefined;
    items.push(itemOf(element));
  }
  return items;
}
