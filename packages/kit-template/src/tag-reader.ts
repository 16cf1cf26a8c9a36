import { type Place, syntax, tooComplex } from './faults.ts';
import type { Token } from './lexer.ts';
import { limits } from './limits.ts';

/** Reads the tokens of one tag, from left to right. */
export interface TagReader {
  /** The next token. */
  next(): Token;
  place(): Place;
  isAtEnd(): boolean;
  /** The next token is this word or symbol. */
  is(text: string): boolean;
  /** The one after it is. */
  isFollowedBy(text: string): boolean;
  /** Reads the next token, whatever it is. */
  take(): Token;
  /** Reads this word or symbol if it comes next. */
  accept(text: string): boolean;
  /** @throws `template.syntax` when something else comes next */
  expect(text: string): void;
  /** Reads any word, also one of the language. */
  word(): string;
  /** Reads a name that a template may give. */
  name(): string;
  /** @throws `template.syntax` when something is left */
  end(): void;
  /** @throws `template.too-complex` when too many of these are inside each other */
  nested<Result>(read: () => Result): Result;
  /** Counts one more part of a chain, as in `a.b.c` or `a + b + c`. @throws `template.too-complex` */
  link(): void;
  unexpected(expectation: string): Error;
}

/** Words that are no names. */
export const keywords: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
]);

/** Keys that no template reaches (D22). */
export const outOfReach: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** @param tokens of one tag; the last one is its end */
export function tagReader(tokens: readonly Token[]): TagReader {
  let at = 0;
  let depth = 0;
  let links = 0;

  const next = (): Token => tokens[Math.min(at, tokens.length - 1)] as Token;
  const place = (): Place => next().place;
  const isAtEnd = (): boolean => next().kind === 'end';
  const isWord = (token: Token | undefined, text: string): boolean =>
    token?.text === text && (token.kind === 'name' || token.kind === 'symbol');
  const is = (text: string): boolean => isWord(next(), text);

  function take(): Token {
    const token = next();
    at++;
    return token;
  }

  function accept(text: string): boolean {
    const isNext = is(text);
    if (isNext) at++;
    return isNext;
  }

  function unexpected(expectation: string): Error {
    const found = isAtEnd() ? 'the end of the tag' : `\`${next().text}\``;
    return syntax(`${expectation} is expected, not ${found}`, place());
  }

  function word(): string {
    const { kind, text } = next();
    if (kind !== 'name') throw unexpected('A name');
    if (outOfReach.has(text)) throw unreachable(text, place());
    at++;
    return text;
  }

  return {
    next,
    place,
    isAtEnd,
    is,
    isFollowedBy: (text) => isWord(tokens[at + 1], text),
    take,
    accept,
    expect(text) {
      if (!accept(text)) throw unexpected(`\`${text}\``);
    },
    word,
    name() {
      if (keywords.has(next().text)) throw unexpected('A name');
      return word();
    },
    end() {
      if (!isAtEnd()) throw unexpected('The end of the tag');
    },
    nested(read) {
      depth++;
      if (depth > limits.depth) {
        const message = `The expression is nested more than ${limits.depth} levels deep`;
        throw tooComplex(message, place());
      }
      const result = read();
      depth--;
      return result;
    },
    link() {
      links++;
      if (links <= limits.links) return;
      throw tooComplex(`The expression has more than ${limits.links} parts`, place());
    },
    unexpected,
  };
}

/** A template names a key that none may reach. */
export function unreachable(key: string, place: Place): Error {
  return syntax(`The key \`${key}\` is out of reach of templates`, place);
}
