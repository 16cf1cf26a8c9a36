import { type Civil, exists } from './civil.ts';
import {
  type Draft,
  type Element,
  elements,
  fraction,
  literal,
  readFraction,
} from './layout-elements.ts';

/** How a date is written: the reference date, Monday 2 January 2006, 15:04:05 -07:00, in that way. */
export interface DateLayout {
  /** It says in which zone. Without that, a date is read as UTC. */
  readonly hasZone: boolean;
  format(civil: Civil): string;
  /** Reads a date. `undefined`: the text is written in another way, or there is no such date. */
  parse(text: string): Civil | undefined;
}

/**
 * Compiles a layout, such as `2006-01-02`, `02/01/2006` or `Jan 2 2006 15:04`.
 *
 * Elements: `2006 06`, `01 1 January Jan`, `02 2 _2`, `002 __2` (day of the year), `Monday Mon`,
 * `15 03 3 PM pm`, `04 4`, `05 5`, `.000` and `.999` (fractions, the second without trailing
 * zeros), `Z07:00 Z0700 Z07` (`Z` for UTC), `-07:00 -0700 -07`, `MST`. All other text stands for
 * itself. Reading, a fraction may follow the seconds without being asked for.
 */
export function dateLayout(source: string): DateLayout {
  const parts = elementsOf(source);
  return {
    hasZone: parts.some((part) => part.isZone === true),
    format(civil) {
      let text = '';
      for (const part of parts) text += part.write(civil);
      return text;
    },
    parse: (text) => read(parts, text),
  };
}

// Where several elements begin alike the longest comes first; there is none in `Janet`.
const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|_2(?!006)|__2|002|0[1-6]|15|PM|pm|Z07:00|Z0700|Z07|-07:00|-0700|-07|[.,](?:0+|9+)(?!\d)|[1-5]/g;

function elementsOf(source: string): Element[] {
  const found: Element[] = [];
  let end = 0;
  for (const { index, 0: text } of source.matchAll(element)) {
    if (index > end) found.push(literal(source.slice(end, index)));
    found.push(elements[text] ?? fraction(text));
    end = index + text.length;
  }
  if (end < source.length) found.push(literal(source.slice(end)));
  return found;
}

const anyFraction = /[.,]\d+/y;

function read(parts: readonly Element[], text: string): Civil | undefined {
  const draft: Draft = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    offset: 0,
    zone: 'UTC',
    isPossible: true,
  };
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = matchAt(part.pattern, text, at);
    if (found === undefined) return undefined;
    part.read?.(found, draft);
    at += found.length;
    if (part.isSecond !== true || parts[index + 1]?.isFraction === true) continue;
    const more = matchAt(anyFraction, text, at) ?? '';
    if (more !== '') readFraction(more, draft);
    at += more.length;
  }
  return at === text.length ? finished(draft) : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function finished(draft: Draft): Civil | undefined {
  const { yearDay, isAfternoon, isPossible, ...civil } = draft;
  if (!isPossible) return undefined;
  if (isAfternoon !== undefined) {
    if (civil.hour > 12) return undefined;
    civil.hour = (civil.hour % 12) + (isAfternoon ? 12 : 0);
  }
  if (yearDay === undefined) return exists(civil) ? civil : undefined;

  const date = new Date(Date.UTC(civil.year, 0, yearDay));
  civil.month = date.getUTCMonth() + 1;
  civil.day = date.getUTCDate();
  return date.getUTCFullYear() === civil.year && exists(civil) ? civil : undefined;
}
