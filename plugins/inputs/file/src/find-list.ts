import { segmentsOf } from '@cannectors/kit-record';
import { noList, twoLists } from './faults.ts';
import { type JsonCursor, jsonCursor } from './json-cursor.ts';
import type { Window } from './window.ts';

/** Reads on behind a list, up to the end of the file. */
type Leave = () => Promise<void>;

/** Where lists of records usually are, the likeliest first. */
const usualNames = ['data', 'items', 'results', 'records'];

/**
 * Moves a window from the start of a JSON document behind the `[` of the list that holds the records.
 *
 * That is the root where it is a list, else the value at `dataField`, else the first list named
 * `data`, `items`, `results` or `records`. Nothing that comes before it is held.
 *
 * @returns to be called behind the `]`; throws `file.not-json`, and `file.two-lists` when a likelier
 * list follows
 * @throws `file.no-list`, `file.not-json`
 */
export async function findList(
  window: Window,
  file: string,
  dataField: string | undefined,
): Promise<Leave> {
  const json = jsonCursor(window, file);
  const root = await json.peek();
  if (root !== '[' && root !== '{') {
    throw noList(file, undefined, `expected array, got ${typeAt(root, json)}`);
  }
  json.drop();
  if (root === '[') return () => json.end();
  return dataField === undefined ? await byName(json, file) : await atPath(json, file, dataField);
}

async function byName(json: JsonCursor, file: string): Promise<Leave> {
  const listAmong = (names: readonly string[]): Promise<string | undefined> =>
    json.member(async (key) => names.includes(key) && (await json.peek()) === '[');

  const name = await listAmong(usualNames);
  if (name === undefined) throw noList(file, undefined, 'not found');
  json.drop();
  return async () => {
    const likelier = await listAmong(usualNames.slice(0, usualNames.indexOf(name)));
    if (likelier !== undefined) throw twoLists(file, name, likelier);
    await json.end();
  };
}

async function atPath(json: JsonCursor, file: string, dataField: string): Promise<Leave> {
  const missing = noList(file, dataField, 'not found');
  const segments = segmentsOf(dataField);
  if (segments === undefined) throw missing;
  /** Lists and objects around the place: the root is one. */
  let depth = 1;
  const enter = async (bracket: '[' | '{'): Promise<void> => {
    const found = await json.peek();
    if (found !== bracket) {
      const expected = bracket === '[' ? 'array' : 'object';
      throw noList(file, dataField, `expected ${expected}, got ${typeAt(found, json)}`);
    }
    json.drop();
    depth++;
  };

  for (const [step, { key, index }] of segments.entries()) {
    if (step > 0) await enter('{');
    if ((await json.member((name) => name === key)) === undefined) throw missing;
    if (index >= 0) await enter('[');
    for (let passed = 0; passed < index; passed++) {
      await json.skip();
      if ((await json.peek()) !== ',') throw missing;
      json.drop();
    }
  }
  await enter('[');
  depth--;
  return async () => {
    for (; depth > 0; depth--) await json.leave();
    await json.end();
  };
}

/** The type of a JSON value that begins with a character. */
function typeAt(first: string, json: JsonCursor): string {
  if (first === '[') return 'array';
  if (first === '{') return 'object';
  if (first === '"') return 'string';
  if (first === 't' || first === 'f') return 'boolean';
  if (first === 'n') return 'null';
  if (/[-0-9]/.test(first)) return 'number';
  throw json.broken('a value', first);
}
