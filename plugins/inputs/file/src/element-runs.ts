import type { JsonRecord } from '@cannectors/core';
import { isRecord, parseJson } from '@cannectors/kit-record';
import type { Run } from './pages.ts';

const comma = 0x2c;
const colon = 0x3a;
const openingBracket = 0x5b;
const closingBracket = 0x5d;

/** Longer beginnings are not looked for. */
const maxBeginning = 256;

/** Blocks in a row that may be parsed in vain. */
const maxMisses = 3;

/**
 * Parses many elements of a list at once, which saves a third of the work (bench/reading).
 *
 * Elements mostly begin alike, as in `, {"id":`. The last place in the bytes that looks like that is
 * taken for the start of one. What is before it either parses as a list, and then it is whole
 * elements, or the place was a wrong guess.
 *
 * @returns is given the bytes and where an element begins, behind a comma
 */
export function elementRuns(): (bytes: Buffer, from: number) => Run | undefined {
  let misses = 0;
  return (bytes, from) => {
    if (misses === maxMisses) return undefined;
    const beginning = bytes.subarray(from - 1, bytes.indexOf(colon, from) + 1);
    if (beginning.length === 0 || beginning.length > maxBeginning) return undefined;
    const end = bytes.lastIndexOf(beginning);
    if (end < from) return undefined;
    const records = recordsIn(listText(bytes, from - 1, end));
    misses = records === undefined ? misses + 1 : 0;
    return records && { records, end: end + 1 };
  };
}

/** The text between two commas in brackets: put into the bytes, it is made but once. */
function listText(bytes: Buffer, before: number, behind: number): string {
  bytes[before] = openingBracket;
  bytes[behind] = closingBracket;
  const text = bytes.toString('utf8', before, behind + 1);
  bytes[before] = comma;
  bytes[behind] = comma;
  return text;
}

/** The elements of a list, if all of them are records. */
function recordsIn(text: string): JsonRecord[] | undefined {
  // It may stand for bytes that are no UTF-8.
  if (text.includes('\uFFFD')) return undefined;
  try {
    const list = parseJson(text);
    return Array.isArray(list) && list.every(isRecord) ? list : undefined;
  } catch {
    return undefined;
  }
}
