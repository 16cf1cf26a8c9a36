import type { Json, JsonRecord } from '@cannectors/core';
import { put } from './json.ts';
import type { Spot } from './positions.ts';
import {
  beyondNumbers,
  type Complaint,
  duplicateKey,
  maxDepth,
  type Placed,
  type Reading,
  tooDeep,
} from './reading.ts';

/**
 * Reads JSON (RFC 8259) and remembers where everything stands.
 *
 * Whole numbers beyond 2^53 become `bigint`. A key that is given twice is a problem.
 */
export function readJson(text: string): Reading {
  const problems: Complaint[] = [];
  try {
    const read = reader(text, problems);
    return { ...read, problems, warnings: [] };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { problems: [...problems, error.complaint], warnings: [] };
  }
}

/** Ends the reading: what follows a syntax error means nothing. */
class Stop extends Error {
  readonly complaint: Complaint;

  constructor(complaint: Complaint) {
    super(complaint.message);
    this.complaint = complaint;
  }
}

function reader(text: string, problems: Complaint[]): Placed {
  let at = 0;

  skipBlanks();
  const root = readValue(0);
  skipBlanks();
  if (at < text.length) throw unexpected();
  return root;

  function readValue(depth: number): Placed {
    if (depth > maxDepth) throw new Stop(tooDeep(at));
    const start = at;
    const first = text[at];
    if (first === '{') return readObject(depth);
    if (first === '[') return readList(depth);
    if (first === '"') return { value: readString(), spot: { offset: start } };
    return { value: readNumber() ?? readWord(), spot: { offset: start } };
  }

  function readObject(depth: number): Placed {
    const offset = at;
    const value: JsonRecord = {};
    const inner = new Map<string, Spot>();
    at += 1;
    for (skipBlanks(); !take('}'); separate('}')) {
      const keyOffset = at;
      if (text[at] !== '"') throw unexpected();
      const key = readString();
      if (inner.has(key)) problems.push(duplicateKey(key, keyOffset));
      skipBlanks();
      if (!take(':')) throw unexpected();
      skipBlanks();
      const child = readValue(depth + 1);
      put(value, key, child.value);
      inner.set(key, { ...child.spot, keyOffset });
    }
    return { value, spot: { offset, inner } };
  }

  function readList(depth: number): Placed {
    const offset = at;
    const value: Json[] = [];
    const inner = new Map<string, Spot>();
    at += 1;
    for (skipBlanks(); !take(']'); separate(']')) {
      const child = readValue(depth + 1);
      inner.set(String(value.length), child.spot);
      value.push(child.value);
    }
    return { value, spot: { offset, inner } };
  }

  /** Between two members: a comma and another member, or the end, which is left to be taken. */
  function separate(end: string): void {
    skipBlanks();
    if (text[at] === end) return;
    if (!take(',')) throw unexpected();
    skipBlanks();
    if (text[at] === end) throw unexpected();
  }

  function readString(): string {
    const start = at;
    at += 1;
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    at += 1;
    if (at > text.length) {
      at = text.length;
      throw unexpected();
    }
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      throw new Stop({
        code: 'parse.json',
        message: `a string has a control character or an unknown escape (offset ${start})`,
        offset: start,
      });
    }
  }

  function readNumber(): number | bigint | undefined {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = at;
    const digits = pattern.exec(text)?.[0];
    if (digits === undefined) return undefined;
    const number = Number(digits);
    if (!Number.isFinite(number)) throw new Stop(beyondNumbers(at));
    at += digits.length;
    const isWhole = /^-?\d+$/.test(digits);
    return isWhole && !Number.isSafeInteger(number) ? BigInt(digits) : number;
  }

  function readWord(): Json {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!text.startsWith(word, at)) continue;
      at += word.length;
      return value;
    }
    throw unexpected();
  }

  function take(character: string): boolean {
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }

  function skipBlanks(): void {
    while (at < text.length && ' \t\n\r'.includes(text[at] ?? '')) at += 1;
  }

  function unexpected(): Stop {
    const found = text.codePointAt(at);
    const what =
      found === undefined
        ? 'the text ends too early'
        : `unexpected character ${JSON.stringify(String.fromCodePoint(found))}`;
    return new Stop({ code: 'parse.json', message: `${what} (offset ${at})`, offset: at });
  }
}
