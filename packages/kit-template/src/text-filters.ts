import { isRecord, jsonText, textOf } from '@cannectors/kit-record';
import { type Filter, filter, textArgument, wholeOf } from './filter.ts';
import { formatted } from './format.ts';
import type { Value } from './tree.ts';
import { assertLength, charactersOf, isTruthy } from './values.ts';

/** Filters that make text of what they get. */
export const textFilters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['string', filter([], (input) => textOf(input))],
  // The escape of the target comes after all filters, so there is nothing to switch off.
  ['safe', filter([], (input) => input)],
  ['upper', filter([], (input) => textOf(input).toUpperCase())],
  ['lower', filter([], (input) => textOf(input).toLowerCase())],
  ['capitalize', filter([], (input) => capitalized(textOf(input)))],
  ['title', filter([], (input) => titled(textOf(input)))],
  ['trim', filter(['chars'], (input, [chars]) => stripped(textOf(input), chars))],
  [
    'replace',
    filter(['old', 'new', 'count'], (input, [old, new_, count], place) =>
      replaced(textOf(input), textOf(old), textOf(new_), wholeOf(count, -1, place)),
    ),
  ],
  [
    'truncate',
    filter(['length', 'killwords', 'end', 'leeway'], (input, [length, kill, end, leeway], place) =>
      truncated(textOf(input), {
        length: wholeOf(length, 255, place),
        killsWords: isTruthy(kill),
        end: textArgument(end, '...'),
        leeway: wholeOf(leeway, 5, place),
      }),
    ),
  ],
  [
    'indent',
    filter(['width', 'first', 'blank'], (input, [width, first, blank], place) => {
      const blanks = typeof width === 'string' ? width : spaces(wholeOf(width, 4, place));
      return indented(textOf(input), blanks, isTruthy(first), isTruthy(blank));
    }),
  ],
  [
    'center',
    filter(['width'], (input, [width], place) => {
      const text = textOf(input);
      const missing = Math.max(0, wholeOf(width, 80, place) - charactersOf(text).length);
      const left = Math.floor(missing / 2);
      return spaces(left) + text + spaces(missing - left);
    }),
  ],
  ['wordcount', filter([], (input) => (textOf(input).match(/[\p{L}\p{N}_]+/gu) ?? []).length)],
  ['urlencode', filter([], urlEncoded)],
  [
    'tojson',
    filter(['indent'], (input, [indent], place) =>
      jsonText(input ?? null, Math.min(10, wholeOf(indent, 0, place))).replaceAll(
        /[<>&']/g,
        (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
      ),
    ),
  ],
  ['escape', filter([], (input) => htmlEscaped(textOf(input)))],
  ['e', filter([], (input) => htmlEscaped(textOf(input)))],
  [
    'format',
    {
      parameters: [],
      takesMore: true,
      apply: (input, given, place) => formatted(textOf(input), given, place),
    },
  ],
]);

/** The first letter large, all others small. */
export function capitalized(text: string): string {
  const [first = '', ...rest] = charactersOf(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Every word capitalised. Words begin after white space and after `- ( { [ <`. */
export function titled(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map(capitalized)
    .join('');
}

/** Takes white space, or certain characters, off one end or both. */
export function stripped(
  text: string,
  chars: Value,
  side: 'start' | 'end' | 'both' = 'both',
): string {
  const gone = chars === undefined || chars === null ? undefined : textOf(chars);
  const stays = (character: string): boolean =>
    gone === undefined ? character.trim() !== '' : !gone.includes(character);
  const characters = charactersOf(text);
  const first = side === 'end' ? 0 : characters.findIndex(stays);
  const last = side === 'start' ? characters.length - 1 : characters.findLastIndex(stays);
  return first < 0 ? '' : characters.slice(first, last + 1).join('');
}

/** @param count how many of them, from the left; below 0: all */
export function replaced(text: string, old: string, new_: string, count: number): string {
  const parts = text.split(old);
  const times = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
  assertLength(text.length + times * new_.length);
  if (count < 0) return text.replaceAll(old, () => new_);
  return [parts.slice(0, times + 1).join(new_), ...parts.slice(times + 1)].join(old);
}

interface Truncation {
  readonly length: number;
  readonly killsWords: boolean;
  readonly end: string;
  readonly leeway: number;
}

function truncated(text: string, { length, killsWords, end, leeway }: Truncation): string {
  const characters = charactersOf(text);
  if (characters.length <= length + leeway) return text;
  const kept = characters.slice(0, Math.max(0, length - charactersOf(end).length)).join('');
  const lastBlank = kept.lastIndexOf(' ');
  return (killsWords || lastBlank < 0 ? kept : kept.slice(0, lastBlank)) + end;
}

function indented(text: string, blanks: string, first: boolean, blank: boolean): string {
  const lines = text.split('\n');
  assertLength(text.length + lines.length * blanks.length);
  return lines
    .map((line, index) => {
      const isIndented = index === 0 ? first : blank || line !== '';
      return isIndented ? blanks + line : line;
    })
    .join('\n');
}

function spaces(count: number): string {
  assertLength(count);
  return ' '.repeat(Math.max(0, count));
}

/** Of a map, or a list of pairs, it makes a query string. */
function urlEncoded(input: Value): string {
  if (typeof input !== 'object' || input === null) {
    return percentEncoded(textOf(input)).replaceAll('%2F', '/');
  }
  const pairs = isRecord(input) ? Object.entries(input) : input;
  return pairs
    .map((pair) => (Array.isArray(pair) ? pair : [pair, '']))
    .map((pair) =>
      pair
        .slice(0, 2)
        .map((part) => queryEncoded(textOf(part)))
        .join('='),
    )
    .join('&');
}

function queryEncoded(text: string): string {
  return percentEncoded(text).replaceAll('%20', '+');
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const htmlEscapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);

function htmlEscaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => htmlEscapes.get(character) ?? character);
}
