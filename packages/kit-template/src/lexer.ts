import type { Json } from '@cannectors/core';
import { type Place, syntax, tooComplex } from './faults.ts';
import { limits } from './limits.ts';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output' | 'statement'; readonly tokens: readonly Token[] };

export interface Token {
  readonly kind: 'name' | 'symbol' | 'value' | 'end';
  /** As it was written. */
  readonly text: string;
  /** Of a string or a number: what it means. */
  readonly value: Json;
  readonly place: Place;
}

/**
 * Cuts a template into text, outputs and statements. Comments are gone, raw blocks are text, and
 * white space is removed where a tag asks for it.
 */
export function piecesOf(source: string): Piece[] {
  const reader = readerOf(source);
  if (source.length > limits.source) {
    throw tooComplex(`The template has more than ${limits.source} characters`, reader.place());
  }

  const pieces: Piece[] = [];
  const addText = (text: string): void => {
    if (text !== '') pieces.push({ kind: 'text', text });
  };
  let trims = false;
  for (;;) {
    const text = reader.until(patterns.opening);
    const before = trims ? text.trimStart() : text;
    const place = reader.place();
    const mark = reader.read(patterns.opening);
    if (mark === undefined) {
      addText(before);
      return pieces;
    }
    addText(mark[1] === '-' ? before.trimEnd() : before);

    const found = foundAt(reader, mark[0], place);
    if (typeof found.content === 'string') addText(found.content);
    else pieces.push(found.content);
    ({ trims } = found);
  }
}

interface Found {
  readonly content: Piece | string;
  /** White space after it is removed. */
  readonly trims: boolean;
}

/** Global ones are looked for, sticky ones have to match on the spot. */
const patterns = {
  opening: /\{[{%#]([-+]?)/g,
  commentEnd: /#\}/g,
  raw: /\s*raw\s*([-+]?)%\}/y,
  rawEnd: /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g,
  outputEnd: /([-+]?)\}\}/y,
  statementEnd: /([-+]?)%\}/y,
  space: /\s+/y,
  name: /[\p{ID_Start}_][\p{ID_Continue}]*/uy,
  digits: /\d+/y,
  number: /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y,
  string: /'([^'\\]*)'|"([^"\\]*)"/y,
  brokenString: /'[^']*\\|"[^"]*\\/y,
  symbol: /\/\/|\*\*|[=!<>]=|[-+*/%~<>=()[\]{},:.|]/y,
  character: /./suy,
};

function foundAt(reader: Reader, mark: string, place: Place): Found {
  if (mark.startsWith('{#')) {
    const text = reader.until(patterns.commentEnd);
    const end = reader.read(patterns.commentEnd);
    if (end === undefined) throw syntax('The comment is not closed by `#}`', place);
    return { content: '', trims: text.endsWith('-') };
  }
  const raw = mark.startsWith('{%') ? reader.read(patterns.raw) : undefined;
  return raw === undefined ? tagAt(reader, mark, place) : rawAt(reader, raw[1] === '-', place);
}

/** What stands between `raw` and `endraw` is text, whatever it holds. */
function rawAt(reader: Reader, trimsStart: boolean, place: Place): Found {
  const text = reader.until(patterns.rawEnd);
  const closed = reader.read(patterns.rawEnd);
  if (closed === undefined) throw syntax('`{% raw %}` is not closed by `{% endraw %}`', place);

  const started = trimsStart ? text.trimStart() : text;
  return {
    content: closed[1] === '-' ? started.trimEnd() : started,
    trims: closed[2] === '-',
  };
}

function tagAt(reader: Reader, mark: string, place: Place): Found {
  const isOutput = mark.startsWith('{{');
  const closing = isOutput ? patterns.outputEnd : patterns.statementEnd;
  const tokens: Token[] = [];
  const from = reader.at();
  let braces = 0;

  for (;;) {
    reader.read(patterns.space);
    const end = reader.place();
    // `}}` closes two maps when two are open.
    const closed = braces > 0 ? undefined : reader.read(closing);
    if (closed !== undefined) {
      tokens.push({ kind: 'end', text: closed[0], value: null, place: end });
      const kind = isOutput ? 'output' : 'statement';
      return { content: { kind, tokens }, trims: closed[1] === '-' };
    }
    if (reader.isAtEnd()) {
      const message = `\`${mark}\` is not closed by \`${isOutput ? '}}' : '%}'}\``;
      throw syntax(message, place, `Where the text itself is meant, write \`{{ "${mark}" }}\`.`);
    }
    if (reader.at() - from > limits.tag) {
      throw tooComplex(`The tag has more than ${limits.tag} characters`, place);
    }
    const token = tokenAt(reader, tokens.at(-1)?.text === '.');
    if (token.kind === 'symbol' && token.text === '{') braces++;
    if (token.kind === 'symbol' && token.text === '}') braces--;
    tokens.push(token);
  }
}

function tokenAt(reader: Reader, isMember: boolean): Token {
  const place = reader.place();
  const name = reader.read(patterns.name);
  if (name !== undefined) return { kind: 'name', text: name[0], value: null, place };

  // In `list.0.1` there are two whole numbers, and no fraction.
  const number = reader.read(isMember ? patterns.digits : patterns.number);
  if (number !== undefined) {
    return { kind: 'value', text: number[0], value: numberOf(number[0]), place };
  }
  const string = reader.read(patterns.string);
  if (string !== undefined) {
    return { kind: 'value', text: string[0], value: string[1] ?? string[2] ?? '', place };
  }
  const symbol = reader.read(patterns.symbol);
  if (symbol !== undefined) return { kind: 'symbol', text: symbol[0], value: null, place };

  if (reader.read(patterns.brokenString) !== undefined) {
    throw syntax('A string in a template cannot hold a backslash', place);
  }
  const [character = ''] = reader.read(patterns.character) ?? [];
  throw /['"]/.test(character)
    ? syntax(`The string is not closed by \`${character}\``, place)
    : syntax(`\`${character}\` means nothing in a template`, place);
}

function numberOf(text: string): number | bigint {
  const plain = text.replaceAll('_', '');
  const value = Number(plain);
  return Number.isSafeInteger(value) || !/^\d+$/.test(plain) ? value : BigInt(plain);
}

interface Reader {
  at(): number;
  isAtEnd(): boolean;
  place(): Place;
  /** Gives the text up to the next match, or the rest of it, and stops there. */
  until(pattern: RegExp): string;
  /** Reads what matches right here. */
  read(pattern: RegExp): RegExpExecArray | undefined;
}

function readerOf(source: string): Reader {
  let at = 0;
  let line = 1;
  let lineStart = 0;
  let counted = 0;
  return {
    at: () => at,
    isAtEnd: () => at >= source.length,
    place() {
      for (; counted < at; counted++) {
        if (source[counted] !== '\n') continue;
        line++;
        lineStart = counted + 1;
      }
      return { line, column: at - lineStart + 1 };
    },
    until(pattern) {
      const from = at;
      pattern.lastIndex = at;
      at = pattern.exec(source)?.index ?? source.length;
      return source.slice(from, at);
    },
    read(pattern) {
      pattern.lastIndex = at;
      const match = pattern.exec(source);
      if (match?.index !== at) return undefined;
      at = pattern.lastIndex;
      return match;
    },
  };
}
