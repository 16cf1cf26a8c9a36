import { syntax } from './faults.ts';
import type { Place } from './syntax.ts';

export type Token = Place &
  (
    | { readonly kind: 'number'; readonly text: string; readonly value: number | bigint }
    | { readonly kind: 'string'; readonly text: string; readonly value: string }
    | { readonly kind: 'name'; readonly text: string }
    /** A sign or a word of the language, such as `in`. */
    | { readonly kind: 'operator'; readonly text: string }
    | { readonly kind: 'end'; readonly text: '' }
  );

const blank = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const number =
  /0[xX][\da-fA-F_]*|0[bB][01_]*|0[oO][0-7_]*|\d[\d_]*(?:\.(?!\.)[\d_]*)?(?:[eE][+-]?[\d_]*)?|\.\d[\d_]*(?:[eE][+-]?[\d_]*)?/y;
const name = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy;
// `c ?.5 : 1` is a condition with a number, `a?.b` is not.
const sign = /\?\?|\?\.(?!\d)|\.\.|\*\*|==|!=|<=|>=|&&|\|\||[-+*/%^<>=!?:,.;|#()[\]{}]/y;

const words = new Set([
  'and',
  'or',
  'not',
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
]);

/** Cuts the source into tokens. The last one is the end. */
export function tokensOf(source: string, pointer: string): Token[] {
  const tokens: Token[] = [];
  let at = skip(blank, source, 0);
  while (at < source.length) {
    const token = tokenAt(source, at, pointer);
    tokens.push(token);
    at = skip(blank, source, token.to);
  }
  tokens.push({ kind: 'end', text: '', from: source.length, to: source.length });
  return tokens;
}

function tokenAt(source: string, from: number, pointer: string): Token {
  const character = source.charAt(from);
  if (character === '"' || character === "'") return quoted(source, from, pointer);
  if (character === '`') return raw(source, from, pointer);
  if (source.startsWith('/*', from)) throw syntax('An unclosed comment begins', from, pointer);

  const numberEnd = skip(number, source, from);
  if (numberEnd > from) return numeric(source, from, numberEnd, pointer);

  const nameEnd = skip(name, source, from);
  if (nameEnd > from) {
    const text = source.slice(from, nameEnd);
    return { kind: words.has(text) ? 'operator' : 'name', text, from, to: nameEnd };
  }

  const signEnd = skip(sign, source, from);
  if (signEnd > from) {
    return { kind: 'operator', text: source.slice(from, signEnd), from, to: signEnd };
  }

  const found = String.fromCodePoint(source.codePointAt(from) ?? 0);
  throw syntax(`\`${found}\` is not part of the language`, from, pointer, hintFor(found));
}

function hintFor(found: string): string | undefined {
  if (found === '&') return 'Write `&&` or `and`.';
  return found === '~' ? 'Write `+` to join strings.' : undefined;
}

/** Gives the end of what the pattern matches at `from`, or `from` itself. */
function skip(pattern: RegExp, source: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(source) ? pattern.lastIndex : from;
}

function numeric(source: string, from: number, to: number, pointer: string): Token {
  const text = source.slice(from, to);
  const digits = text.replaceAll('_', '');
  const isWhole = /^(?:\d+|0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+)$/.test(digits);
  const isFraction = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits);
  if ((!isWhole && !isFraction) || skip(name, source, to) > to) {
    throw syntax(`\`${text}${source.charAt(to)}\` is not a number`, from, pointer);
  }
  const value = isWhole ? BigInt(digits.replace(/^0+(?=\d)/, '')) : Number(digits);
  return { kind: 'number', text, value, from, to };
}

function raw(source: string, from: number, pointer: string): Token {
  const end = source.indexOf('`', from + 1);
  if (end === -1) throw unterminated(from, pointer);
  const to = end + 1;
  return {
    kind: 'string',
    text: source.slice(from, to),
    value: source.slice(from + 1, end),
    from,
    to,
  };
}

function quoted(source: string, from: number, pointer: string): Token {
  const quote = source.charAt(from);
  let value = '';
  let at = from + 1;
  for (;;) {
    const character = source.charAt(at);
    if (character === quote) break;
    if (character === '' || character === '\n') throw unterminated(from, pointer);
    if (character === '\\') {
      const escape = unescape(source, at, pointer);
      value += escape.text;
      at = escape.to;
    } else {
      value += character;
      at += 1;
    }
  }
  return { kind: 'string', text: source.slice(from, at + 1), value, from, to: at + 1 };
}

const escapes = new Map(
  Object.entries({
    a: '\u0007',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '\\': '\\',
    "'": "'",
    '"': '"',
    '`': '`',
  }),
);

const code =
  /\\(?:x(?<x>[\da-fA-F]{2})|u(?<u>[\da-fA-F]{4})|U(?<U>[\da-fA-F]{8})|(?<octal>[0-7]{3}))/y;

function unescape(source: string, at: number, pointer: string): { text: string; to: number } {
  const plain = escapes.get(source.charAt(at + 1));
  if (plain !== undefined) return { text: plain, to: at + 2 };

  code.lastIndex = at;
  const groups = code.exec(source)?.groups;
  const hex = groups?.['x'] ?? groups?.['u'] ?? groups?.['U'];
  const point = hex === undefined ? parseInt(groups?.['octal'] ?? '', 8) : parseInt(hex, 16);
  if (Number.isNaN(point) || point > 0x10_ff_ff) {
    throw syntax(
      `\`${source.slice(at, at + 2)}\` is not an escape`,
      at,
      pointer,
      'Write a backslash as `\\\\`, or put the text between backticks.',
    );
  }
  return { text: String.fromCodePoint(point), to: code.lastIndex };
}

function unterminated(from: number, pointer: string) {
  return syntax('A string without an end begins', from, pointer, 'Close it with the same quote.');
}
