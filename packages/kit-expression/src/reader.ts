import { syntax, tooDeep } from './faults.ts';
import { maxDepth } from './limits.ts';
import type { Node, Part, Place } from './syntax.ts';
import type { Token } from './tokens.ts';

/** Where the parser stands, and what it has seen. */
export interface Parser {
  readonly tokens: readonly Token[];
  readonly pointer: string;
  index: number;
  depth: number;
  slots: number;
  /** The function that the innermost predicate is for, and its first slot. */
  loop: { readonly name: string; readonly slot: number } | undefined;
  readonly locals: Map<string, number>;
  readonly names: Set<string>;
  readonly stateNames: Set<string>;
  isExact: boolean;
  /** The grammar is recursive: an operand may hold expressions. */
  sequence(this: void, parser: Parser): Node;
  expression(this: void, parser: Parser): Node;
  operation(this: void, parser: Parser, floor: number): Node;
}

/** The token at hand. */
export function current(p: Parser): Token {
  return p.tokens[p.index] ?? end;
}

const end: Token = { kind: 'end', text: '', from: 0, to: 0 };

/** Tells whether a token is this sign or word, and not a string with the same text. */
export function is(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text;
}

/** Takes the token at hand. */
export function advance(p: Parser): Token {
  const token = current(p);
  p.index += 1;
  return token;
}

/** Takes the token at hand if it is this one. */
export function accept(p: Parser, text: string): boolean {
  if (!is(current(p), text)) return false;
  p.index += 1;
  return true;
}

/** Takes the token at hand, which must be this one. */
export function expect(p: Parser, text: string): void {
  if (!accept(p, text)) throw unexpected(p, `\`${text}\``);
}

/** The token at hand is not what should stand here. */
export function unexpected(p: Parser, expected: string) {
  const { kind, text, from } = current(p);
  const found = kind === 'end' ? 'the end' : `\`${text}\``;
  return syntax(`Expected ${expected}, found ${found}`, from, p.pointer, hintFor(text));
}

function hintFor(found: string): string | undefined {
  if (found === '=') return 'Write `==` to compare.';
  const word = found.toLowerCase();
  return word !== found && /^(?:and|or|not|in)$/.test(word) ? `Write \`${word}\`.` : undefined;
}

/** Makes a node that ends with the last token that was taken. */
export function made(p: Parser, from: number, part: Part): Node {
  return { ...part, from, to: lastPlace(p).to };
}

function lastPlace(p: Parser): Place {
  return p.tokens[p.index - 1] ?? end;
}

/** Parses one level deeper. */
export function nested(p: Parser, parse: () => Node): Node {
  p.depth += 1;
  if (p.depth > maxDepth) throw tooDeep(current(p).from, maxDepth, p.pointer);
  const node = parse();
  p.depth -= 1;
  return node;
}

/** Parses items separated by commas, one may trail. The opening bracket is taken already. */
export function items<Item>(p: Parser, close: string, item: (p: Parser) => Item): Item[] {
  const found: Item[] = [];
  while (!accept(p, close)) {
    found.push(item(p));
    if (!is(current(p), close)) expect(p, ',');
  }
  return found;
}

/** Tells whether a token can name a member: a name, or a word of the language. */
export function isWord(token: Token): boolean {
  return token.kind === 'name' || (token.kind === 'operator' && /^[a-z]/i.test(token.text));
}
